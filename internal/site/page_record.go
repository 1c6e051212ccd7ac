package site

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"

	"github.com/deploysite/deploysite/internal/records"
)

// RecordPage is one deployment.
type RecordPage struct {
	Page
	E          *Entry
	Body       template.HTML
	Contents   []records.Section
	Previous   *Entry // of the same service
	Next       *Entry
	Compare    string // where the forge shows what changed since Previous, or ""
	CommitURL  string
	SourceURL  string
	Related    []Related
	Audit      []AuditLine
	HasHistory bool // whether git was there to ask
}

// Related is a record worth opening next, and why.
type Related struct {
	E   *Entry
	Why string
}

// AuditLine is one commit that touched the record.
type AuditLine struct {
	Subject, Author, Hash, URL string
	When                       string // "2 Jan 2006 15:04"
	Stamp                      string // RFC 3339
}

func (o *outputBuilder) records() {
	neighbours := o.site.neighbours()
	for _, e := range o.site.Entries {
		o.file(e.Page()+"index.html", func(b *bytes.Buffer) error {
			p, err := o.site.recordPage(e, neighbours[e])
			if err != nil {
				return err
			}
			return o.site.theme.render(b, "record", p)
		})
	}
}

func (s *Site) recordPage(e *Entry, n neighbour) (RecordPage, error) {
	body, err := s.spool.get(e.body)
	if err != nil {
		return RecordPage{}, err
	}
	p := RecordPage{Page: s.page(e.Page(), e.Title.Value, "timeline"), E: e, Body: template.HTML(body), Contents: contents(e.Sections, e.Title.Value),
		Previous: n.previous, Next: n.next, HasHistory: s.hasHistory}
	p.shared = true
	if e.PlainText != "" {
		p.Body = preformatted(e.PlainText)
	}
	if s.config.Repository != "" {
		f := s.forge()
		p.SourceURL = f.blob() + escapePage(e.File)
		if !e.Commit.IsZero() {
			p.CommitURL = f.commit(e.Commit.Value)
		}
		if n.previous != nil {
			from, to := revision(n.previous), revision(e)
			if from != "" && to != "" && from != to {
				p.Compare = f.compare(from, to)
			}
		}
	}
	for _, c := range e.Commits {
		line := AuditLine{Subject: c.Subject, Author: s.config.Person(c.Author), Hash: c.Hash,
			When: c.Time.Format("2 Jan 2006 15:04"), Stamp: c.Time.Format("2006-01-02T15:04:05Z07:00")}
		if s.config.Repository != "" {
			line.URL = s.forge().commit(c.Hash)
		}
		p.Audit = append(p.Audit, line)
	}
	p.Related = s.related(e, n)
	return p, nil
}

// revision is what a forge can compare: the commit, or else the version.
func revision(e *Entry) string { return cmp.Or(e.Commit.Value, e.Version.Value) }

// contents is the table of contents: headings down to the third level, without
// the one that is the page's title.
func contents(sections []records.Section, title string) []records.Section {
	var out []records.Section
	for _, s := range sections {
		if s.Level <= 3 && (s.Level > 1 || s.Title != title) {
			out = append(out, s)
		}
	}
	return out
}

// Nested tells whether a section is below another in the table of contents.
func (p RecordPage) Nested(s records.Section) bool { return s.Level > 2 }

// neighbour is what stands beside an entry in its service's history.
type neighbour struct{ previous, next *Entry }

// neighbours finds the previous and the next deployment of the same service,
// by the service that an entry names first. It needs no search: the entries
// are sorted.
func (s *Site) neighbours() map[*Entry]neighbour {
	out := make(map[*Entry]neighbour, len(s.Entries))
	newer := map[*Term]*Entry{}
	for _, e := range s.Entries {
		var service *Term
		if len(e.Services) > 0 {
			service = e.Services[0]
		}
		next := newer[service]
		out[e] = neighbour{next: next}
		if next != nil {
			n := out[next]
			n.previous = e
			out[next] = n
		}
		newer[service] = e
	}
	return out
}

// How many related records a page shows, and how many of a tag's it looks at.
const (
	maxRelated = 6
	lookAtTag  = 50
)

// related collects records worth opening next: first those that refer to each
// other, then those of the same service that share a tag or a failed step.
func (s *Site) related(e *Entry, n neighbour) []Related {
	var out []Related
	seen := map[*Entry]bool{e: true}
	add := func(other *Entry, why string) {
		if other != nil && !seen[other] && len(out) < maxRelated {
			seen[other] = true
			out = append(out, Related{other, why})
		}
	}
	add(s.byID[e.RollbackOf.Value], "rolled back by this one")
	add(e.UndoneBy, "rolled this one back")
	for _, other := range e.RefersTo {
		add(other, "referred to here")
	}
	for _, other := range e.ReferredBy {
		add(other, "refers to this one")
	}
	for _, step := range e.failed {
		if len(out) == maxRelated {
			break
		}
		for _, other := range s.failedSteps[step.key] {
			if byNewest(e, other) < 0 { // only what came before can have helped
				add(other, "“"+step.label+"” failed there too")
			}
			if len(out) == maxRelated {
				break
			}
		}
	}
	for _, tag := range e.Tags {
		at, _ := slices.BinarySearchFunc(tag.Entries, e, byNewest)
		for _, other := range tag.Entries[at:min(at+lookAtTag, len(tag.Entries))] {
			if sharesTerm(e.Services, other.Services) {
				add(other, "same service, also tagged "+tag.Name)
			}
		}
	}
	return out
}

func sharesTerm(a, b []*Term) bool {
	return slices.ContainsFunc(a, func(t *Term) bool { return slices.Contains(b, t) })
}
