package project

import (
	"cmp"
	"net/mail"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
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
func (c Config) Person(name string) string { return NewPeople(&Project{Config: c}).Name(name) }

// People finds the one name under which a site lists a person, like
// [Config.Person]. It is for long histories and several sources: a look-up takes the
// same time however many people there are.
type People struct {
	names    map[string]string // a folded name, login or address → the name to show
	everyone *People           // whom the whole site knows, nil where that is this one
}

// NewPeople indexes the people of the whole site: those of the project's own
// configuration, and those of its sources by e-mail address. An address means one
// person everywhere; a login such as "alex" may be another person in each source.
func NewPeople(p *Project) *People {
	x := &People{names: map[string]string{}}
	for _, person := range p.Config.People {
		x.add(person, person.Name)
	}
	for _, source := range p.sources {
		for _, person := range source.Config.People {
			x.addName(person.Email, x.nameOf(person))
		}
	}
	return x
}

// Of adds the people of one source, behind those of the whole site.
func (x *People) Of(source *Project) *People {
	own := &People{names: map[string]string{}, everyone: x}
	for _, person := range source.Config.People {
		own.add(person, x.nameOf(person))
	}
	return own
}

// nameOf is the name by which the whole site lists a person of a source.
func (x *People) nameOf(p Person) string { return cmp.Or(x.find(p.Email, p.Name), p.Name) }

func (x *People) add(p Person, shown string) {
	x.addName(p.Name, shown)
	x.addName(p.Email, shown)
	for _, alias := range p.Aliases {
		x.addName(alias, shown)
	}
}

// addName adds a name, unless another person has it already.
func (x *People) addName(name, shown string) {
	key := text.Key(name)
	if _, taken := x.names[key]; !taken && name != "" {
		x.names[key] = shown
	}
}

// Name is the name to show for the person behind name; see [Config.Person].
func (x *People) Name(name string) string {
	display, address := splitAddress(name)
	return cmp.Or(x.find(address, display), display, address)
}

// Knows reports whether the person behind a name is in the list. Where there is no
// list, everybody is.
func (x *People) Knows(name string) bool {
	display, address := splitAddress(name)
	return x.isEmpty() || x.find(address, display) != ""
}

func (x *People) isEmpty() bool {
	return x == nil || len(x.names) == 0 && x.everyone.isEmpty()
}

// find is the name to show for the first of these names that is known, or "".
func (x *People) find(names ...string) string {
	if x == nil {
		return ""
	}
	if shown := x.everyone.find(names...); shown != "" {
		return shown
	}
	for _, name := range names {
		if shown := x.names[text.Key(name)]; shown != "" {
			return shown
		}
	}
	return ""
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
