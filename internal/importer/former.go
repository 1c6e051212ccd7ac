package importer

import (
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// existing is a record that came from an earlier import.
type existing struct {
	id, path string
	from     string // the source's name; "" where the record does not say it
	title    string // "" where the source had none
	started  records.Moment
	status   records.Status // "" where the front matter says none
	matched  bool           // with a draft
}

// Stdin is the name of a source that came through a pipe. Two sources of this name
// may be different ones.
const Stdin = "stdin"

// day has what could not be matched by ID of one source and one day: drafts without a
// record, and records whose text is no longer in the source. A deployment whose text
// was edited is in both lists.
type day struct {
	drafts  []*Planned
	records []*existing
}

// former finds the records of drafts whose text was edited since they were imported.
// The ID comes from the text, so such a draft would get a second record.
func (p *Plan) former(there *imported) {
	days := map[string]*day{}
	of := func(from string, started records.Moment) *day {
		key := from + "\x00" + started.Time.Format(time.DateOnly)
		if days[key] == nil {
			days[key] = &day{}
		}
		return days[key]
	}
	inSource := map[string]bool{}
	for _, e := range p.Entries {
		inSource[e.ID] = true
		if e.State == New && strings.HasPrefix(e.ID, textID) {
			d := of(e.File, e.Started)
			d.drafts = append(d.drafts, e)
		}
	}
	for _, m := range there.all {
		if !inSource[m.id] && m.from != "" && strings.HasPrefix(m.id, textID) {
			d := of(m.from, m.started)
			d.records = append(d.records, m)
		}
	}
	for _, d := range days {
		d.sameTitle()
		d.longerTitle()
		d.others()
	}
}

// sameTitle matches drafts with records of the same time and title. If there are more
// drafts than records, some are new and all are in doubt.
func (d *day) sameTitle() {
	key := func(m records.Moment, title string) string { return clock(m) + "\x00" + title }
	was, now := map[string][]*existing{}, map[string][]*Planned{}
	for _, m := range d.records {
		was[key(m.started, m.title)] = append(was[key(m.started, m.title)], m)
	}
	for _, e := range d.drafts {
		if e.Title != "" || e.File != Stdin {
			now[key(e.Started, e.Title)] = append(now[key(e.Started, e.Title)], e)
		}
	}
	for k, drafts := range now {
		former := was[k]
		surplus := len(drafts) > len(former)
		for i, e := range drafts {
			if !surplus {
				e.belongs(Changed, former[i])
			} else if len(former) > 0 {
				e.belongs(Doubtful, former[0])
			}
		}
		for _, m := range former {
			m.matched = m.matched || surplus
		}
	}
	d.take()
}

// longerTitle matches a draft with a record if one title contains the other, as
// "hotfix (done)" contains "hotfix", and no other draft or record fits.
func (d *day) longerTitle() {
	fits := d.fitting(func(e, m string) bool {
		return len(e) > 2 && len(m) > 2 && (strings.Contains(e, m) || strings.Contains(m, e))
	})
	of := map[*existing]int{}
	for _, former := range fits {
		for _, m := range former {
			of[m]++
		}
	}
	for e, former := range fits {
		if len(former) == 1 && of[former[0]] == 1 {
			e.belongs(Changed, former[0])
		}
	}
	d.take()
}

// others puts drafts in doubt that may be one of the remaining records with another
// title.
func (d *day) others() {
	for e, former := range d.fitting(func(e, m string) bool { return true }) {
		e.belongs(Doubtful, former[0])
	}
}

// belongs matches a draft with a record.
func (e *Planned) belongs(state State, m *existing) { e.State, e.Path, m.matched = state, m.path, true }

// fitting finds the records that each draft may belong to, by time and title. Titles
// are compared as words between blanks.
func (d *day) fitting(title func(draft, record string) bool) map[*Planned][]*existing {
	words := make([]string, len(d.records))
	for i, m := range d.records {
		words[i] = " " + text.Fold(m.title) + " "
	}
	fits := map[*Planned][]*existing{}
	for _, e := range d.drafts {
		if e.File == Stdin {
			continue
		}
		own := " " + text.Fold(e.Title) + " "
		for i, m := range d.records {
			if timesFit(e.Started, m.started) && title(own, words[i]) {
				fits[e] = append(fits[e], m)
			}
			if len(fits[e]) == enough {
				break
			}
		}
	}
	return fits
}

// enough is how many fitting records are looked for: with two, it is unclear which one
// it is.
const enough = 2

// take removes the drafts and records that have been matched.
func (d *day) take() {
	d.drafts = slices.DeleteFunc(d.drafts, func(e *Planned) bool { return e.State != New })
	d.records = slices.DeleteFunc(d.records, func(m *existing) bool { return m.matched })
}

// clock is the time of day; "" where only the day is known.
func clock(m records.Moment) string {
	if m.DateOnly {
		return ""
	}
	return m.Time.Format("15:04")
}

// timesFit reports whether two times of one day may be the same: the hour may have
// been added later.
func timesFit(a, b records.Moment) bool {
	return a.DateOnly || b.DateOnly || clock(a) == clock(b)
}
