package importer

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

// Many logs begin with a table of all deployments, and tell of each again below a
// heading. These are not twice as many deployments.

// joinOverview joins the rows of tables among the drafts of a log, from the first on, with
// the sections that tell of the same deployment. A section is left out where several
// rows of its day may be meant.
func (r *Reading) joinOverview(first int) {
	drafts := slices.Clone(r.Drafts[first:])
	rows, sections := map[string][]*Draft{}, map[string][]*Draft{}
	for _, d := range drafts {
		if d.row {
			rows[d.day()] = append(rows[d.day()], d)
		} else {
			sections[d.day()] = append(sections[d.day()], d)
		}
	}
	r.Drafts = r.Drafts[:first]
	for _, d := range drafts {
		same := thatMayBe(rows[d.day()], d)
		switch {
		case d.row || len(same) == 0:
			r.Drafts = append(r.Drafts, d)
		case len(same) == 1 && len(thatMayBe(sections[d.day()], same[0])) == 1:
			same[0].tellMore(d)
		default:
			r.leave(d.Parts[0].Source, d.Parts[0].Span, Text, "import the sections alone, without the table, if they are to be the records",
				"the table in line %d has deployments of this day already, and nobody knows which of them this is", same[0].Line)
		}
	}
}

// thatMayBe are those of some drafts of a day that may be the same deployment as another.
func thatMayBe(drafts []*Draft, other *Draft) (same []*Draft) {
	for _, d := range drafts {
		if d.maySame(other) {
			same = append(same, d)
		}
	}
	return same
}

// day is the day on which a deployment began.
func (d *Draft) day() string { return d.Started.Time.Format(time.DateOnly) }

// maySame reports whether nothing in two drafts of a day says that they are not the same
// deployment.
func (d *Draft) maySame(other *Draft) bool {
	for _, pair := range [][2]string{{d.Version, other.Version}, {d.Environment, other.Environment}} {
		a, b := sameWords(pair[0]), sameWords(pair[1])
		if a != "" && b != "" && a != b {
			return false
		}
	}
	return d.Started.DateOnly || other.Started.DateOnly || d.Started.Time.Equal(other.Started.Time)
}

// sameWords is a value as it is compared, without a remark behind it.
func sameWords(value string) string {
	return text.Fold(strings.TrimPrefix(remarkBehind().ReplaceAllString(value, ""), "v"))
}

var remarkBehind = text.Pattern(`\s*[(（][^()（）]*[)）]\s*$`)

// tellMore takes from another draft of the same deployment what this one does not have.
func (d *Draft) tellMore(other *Draft) {
	d.Parts = append(d.Parts, other.Parts...)
	d.Body = slices.Concat(d.Body, []byte("\n"), other.Body)
	if d.Started.DateOnly {
		d.Started = other.Started
	}
	if d.Finished.IsZero() {
		d.Finished = other.Finished
	}
	d.Title, d.Status = cmp.Or(d.Title, other.Title), cmp.Or(d.Status, other.Status)
	d.Environment, d.Version = cmp.Or(d.Environment, other.Environment), cmp.Or(d.Version, other.Version)
	d.Commit, d.Branch = cmp.Or(d.Commit, other.Commit), cmp.Or(d.Branch, other.Branch)
	if len(d.Deployers) == 0 {
		d.Deployers = other.Deployers
	}
	if len(d.Services) == 0 {
		d.Services = other.Services
	}
}
