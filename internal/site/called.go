package site

import (
	"html/template"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/text"
)

// longestName is how much of a title stands in lists: each record is in many.
const longestName = 120

// recordName is a link to a record by what was deployed, "scores-api v3.2.0"; by its
// title where it names no service.
func (p Page) recordName(e *Entry) template.HTML {
	services := e.Terms(facet.Service)
	if len(services) == 0 {
		return p.anchor("", e.Page(), text.Cut(e.Title.Value, longestName))
	}
	name := template.HTMLEscapeString(e.words.Join(fewNames(services)))
	if !e.Version.IsZero() {
		name += ` <span class="version">` + template.HTMLEscapeString(e.Version.Value) + `</span>`
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(p.Link(e.Page())) + `">` + name + `</a>`)
}

// setRoute makes the page's heading: services, version → environment. Without a service
// or a version the title says more.
func (p *RecordPage) setRoute(services []*Term) {
	version := p.E.Version.Value
	if len(services) == 0 || version == "" {
		return
	}
	w := p.site.words
	parts := []string{joinHTML(p.fewTerms("", services), w.T("lists.between")), `<span class="version">` + template.HTMLEscapeString(version) + "</span>"}
	if to := p.termLinks("", p.E.Terms(facet.Environment)); len(to) > 0 {
		parts = append(parts, `<span class="to"><span aria-hidden="true">→</span><span class="vh">`+template.HTMLEscapeString(w.T("record.to"))+"</span></span>", joinHTML(to, w.T("lists.between")))
	}
	p.Route = template.HTML(strings.Join(parts, " "))
}

func joinHTML(parts []template.HTML, between string) string {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteString(template.HTMLEscapeString(between))
		}
		b.WriteString(string(part))
	}
	return b.String()
}

// inShort is how a deployment went, when, and by whom.
func (e *Entry) inShort() string {
	return e.words.Join(slices.Concat([]string{e.StatusName(), e.Day()}, fewNames(e.Terms(facet.Deployer))))
}

// Adds is what an entry's title says besides service, version and environment, which
// stand beside it: "passkeys" of "accounts v2.0.0 to production: passkeys".
func (e *Entry) Adds() string {
	services := e.Terms(facet.Service)
	if len(services) == 0 {
		return "" // the title stands whole
	}
	known := names(slices.Concat(services, e.Terms(facet.Environment)))
	if version := e.Version.Value; version != "" {
		known = append(known, version, strings.TrimPrefix(version, "v"), "v"+version)
	}
	return text.Cut(withoutNames(e.Title.Value, known), longestName)
}

// withoutNames cuts what a title begins with, as long as that is names, a day, and
// words that join them.
func withoutNames(title string, names []string) string {
	adds, rest := title, title
	for {
		rest = strings.TrimLeftFunc(rest, isBetween)
		if n := leadingName(rest, names); n > 0 {
			rest = rest[n:]
			adds = rest
			continue
		}
		word := rest[:wordLength(rest)]
		if word == "" || !slices.Contains(joining, strings.ToLower(word)) && strings.Trim(word, "0123456789-.") != "" {
			break
		}
		rest = rest[len(word):]
	}
	if adds == title {
		return title
	}
	adds = strings.TrimSpace(strings.TrimLeft(adds, " \t:;,.–—-!·/→"))
	if inside, ok := strings.CutPrefix(adds, "("); ok && strings.Count(adds, "(") == 1 {
		adds = strings.TrimSuffix(inside, ")")
	}
	return adds
}

// joining are words that say nothing between names.
var joining = []string{"deploy", "deployed", "deployment", "release", "released", "to", "in", "on", "of", "for", "and", "the",
	"deploye", "freigabe", "nach", "auf", "von", "für", "und", "der"}

// leadingName is how long the longest of the names is that a text begins with, 0 where
// it begins with none.
func leadingName(s string, names []string) (longest int) {
	for _, name := range names {
		n := len(name)
		if n > longest && n <= len(s) && strings.EqualFold(s[:n], name) && wordLength(s) <= n {
			longest = n
		}
	}
	return longest
}

// wordLength is how long the word is that a text begins with; versions and names of
// services are words.
func wordLength(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return isBetween(r) && !strings.ContainsRune("-._/+", r) })
	if n < 0 {
		n = len(s)
	}
	return len(strings.TrimRight(s[:n], "-._/+"))
}

func isBetween(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != utf8.RuneError
}
