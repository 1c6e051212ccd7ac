package briefing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// outcomeAt says how a deployment ended and when.
func (b *Briefing) outcomeAt(r *records.Record, at string) string {
	if r.IsPast(b.start.Now) {
		return "began on " + at + ", outcome unknown"
	}
	switch r.Status {
	case records.InProgress:
		return "was begun on " + at + " and is " + insights.StateWords(r, b.start.Now)
	case records.RolledBack, records.Cancelled:
		return "was " + r.Status.Words() + " on " + at
	}
	return r.Status.Words() + " on " + at
}

// when is a record's start, as exactly as it is known.
func when(r *records.Record) string { return cmp.Or(r.Started.Words(), "an unknown day") }

// day is a record's day, or its ID where that is unknown.
func day(r *records.Record) string {
	if r.Started.IsZero() {
		return r.ID
	}
	return r.Started.Time.Format(time.DateOnly)
}

// ago is how many days ago a record started; "" where that is too long to be
// of use, or still to come.
func ago(r *records.Record, now time.Time) string {
	if r.Started.IsZero() {
		return ""
	}
	date := func(t time.Time) time.Time {
		t = t.In(now.Location())
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch days := int(date(now).Sub(date(r.Started.Time)).Hours() / 24); {
	case days < 0 || days > 60:
		return ""
	case days == 0:
		return "today"
	case days == 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}

// lasted is how long a deployment took, "" where that is unknown.
func lasted(r *records.Record) string {
	d, ok := r.Duration()
	if !ok {
		return ""
	}
	return text.Age(d)
}

// otherOpen are the records that nobody finished, without the last one, of which
// that is said already.
func (b *Briefing) otherOpen() []*records.Record {
	return slices.DeleteFunc(slices.Clone(b.Open), func(r *records.Record) bool { return r == b.Last })
}

// people are those who deployed, "" where nobody is named.
func (b *Briefing) people(r *records.Record) string { return strings.Join(b.deployers(r), ", ") }

func (b *Briefing) deployers(r *records.Record) []string {
	names := []string{}
	for _, d := range r.Deployers {
		names = append(names, b.start.person(d.Value))
	}
	return names
}
