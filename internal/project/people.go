package project

import (
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Person is one person with all names that records, commits and stamps use.
type Person struct {
	Name    string   // as the site shows it
	Aliases []string // other names, logins and e-mail addresses
	Email   string
}

// Person returns the one name under which the site lists the person behind
// name: "ada", "ADA PARK", "ada@example.org" and "Ada Park <ada@example.org>"
// can all give "Ada Park". Case does not matter. A name that is not configured is
// returned without the address behind it.
func (c Config) Person(name string) string {
	display, address := splitAddress(name)
	for _, known := range []string{address, display} {
		for _, p := range c.People {
			if known != "" && p.known(known) {
				return p.Name
			}
		}
	}
	if display == "" {
		return address
	}
	return display
}

// known reports whether a name, in normal form NFC, is one of the person's.
func (p Person) known(name string) bool {
	same := func(own string) bool { return strings.EqualFold(own, name) }
	return same(p.Name) || same(p.Email) || slices.ContainsFunc(p.Aliases, same)
}

// splitAddress splits "Name <address>". Either part may be missing.
func splitAddress(s string) (name, address string) {
	s = clean(s)
	if open := strings.LastIndexByte(s, '<'); open >= 0 && strings.HasSuffix(s, ">") {
		return strings.TrimSpace(s[:open]), strings.TrimSpace(s[open+1 : len(s)-1])
	}
	if _, err := mail.ParseAddress(s); err == nil {
		return "", s
	}
	return s, ""
}

// clean gives equal names the same bytes: "å" may be written as one character or as
// two.
func clean(name string) string {
	return norm.NFC.String(strings.Join(strings.Fields(name), " "))
}
