package records

import (
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// Each name of a record has pages of its own and stands on many others, so that a
// short record with thousands of names would make gigabytes of pages.
const (
	// MaxNames is how many services, people, tags or links of one record are read.
	MaxNames = 50

	maxName  = 200 // characters of a name, a version and the like
	maxTitle = 500
)

// bound leaves out the names beyond [MaxNames], cuts very long ones, and says so.
func (p *parse) bound() {
	r := p.r
	r.Deployers = bounded(p, "people", r.Deployers, textSpan)
	r.Services = bounded(p, "services", r.Services, textSpan)
	r.Environments = bounded(p, "environments", r.Environments, textSpan)
	r.Tags = bounded(p, "tags", r.Tags, textSpan)
	r.ApprovedBy = bounded(p, "people who approved", r.ApprovedBy, textSpan)
	r.Links = bounded(p, "links", r.Links, func(l Link) (string, text.Span) { return l.Name, l.Span })
	p.shorten(&r.Title, "title", maxTitle)
	if len(r.Environments) != 1 {
		p.shorten(&r.Environment, "environment", maxName)
	}
	p.shorten(&r.Version, "version", maxName)
	p.shorten(&r.Commit, "commit", maxName)
	p.shorten(&r.Branch, "branch", maxName)
	for _, names := range []struct {
		what string
		all  []Text
	}{{"person's name", r.Deployers}, {"person's name", r.ApprovedBy}, {"service's name", r.Services}, {"environment", r.Environments}, {"tag", r.Tags}} {
		for i := range names.all {
			p.shorten(&names.all[i], names.what, maxName)
		}
	}
	if len(r.Environments) == 1 {
		r.Environment = r.Environments[0]
	}
}

func textSpan(t Text) (string, text.Span) { return t.Value, t.Span }

func bounded[T any](p *parse, what string, all []T, of func(T) (string, text.Span)) []T {
	if len(all) <= MaxNames {
		return all
	}
	const told = 5
	var left []string
	for _, t := range all[MaxNames:min(MaxNames+told, len(all))] {
		name, _ := of(t)
		left = append(left, text.OneLine(name, 40))
	}
	rest := strings.Join(left, ", ")
	if more := len(all) - MaxNames - len(left); more > 0 {
		rest += fmt.Sprintf(" and %d more", more)
	}
	_, at := of(all[MaxNames])
	p.r.report(at.Start, problem.ManyNames, "name fewer; a tag can stand for many", "only the first %d %s are read; left out: %s", MaxNames, what, rest)
	return slices.Clip(all[:MaxNames])
}

// shorten cuts a text at a number of characters.
func (p *parse) shorten(t *Text, what string, most int) {
	if len(t.Value) <= most {
		return
	}
	cut := []rune(t.Value)
	if len(cut) <= most {
		return
	}
	t.Value = string(cut[:most-1]) + "…"
	p.r.report(t.Span.Start, problem.LongName, "shorten it", "the %s has %d characters; only the first %d are shown", what, len(cut), most-1)
}
