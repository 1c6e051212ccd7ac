package importer

import (
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// made is a record that came from an import.
type made struct {
	id, path string
	from     string // the source's name; "" where nobody knows it any more
	title    string // "" where the source had none
	started  records.Moment
	status   records.Status // "" where the front matter says none
}

// Stdin is the name of a source that came through a pipe. Two that are called so
// need not have anything to do with each other.
const Stdin = "stdin"

// day is what one source tells of one day and cannot be matched by ID: the drafts
// without a record, and the records that were made of a text that is gone. What
// was edited is among both.
type day struct {
	drafts  []*Planned
	records []*made
}

// former finds the records that were made of drafts before their text changed. A
// text that was edited has another ID, and would get a second record.
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

// sameTitle matches what has the same time and title. Of more drafts than records
// some are new, and nobody can tell which.
func (d *day) sameTitle() {
	key := func(m records.Moment, title string) string { return clock(m) + "\x00" + title }
	was := map[string][]*made{}
	for _, m := range d.records {
		was[key(m.started, m.title)] = append(was[key(m.started, m.title)], m)
	}
	now := map[string][]*Planned{}
	for _, e := range d.drafts {
		if e.Title != "" || e.File != Stdin {
			now[key(e.Started, e.Title)] = append(now[key(e.Started, e.Title)], e)
		}
	}
	found := map[*made]bool{}
	for k, drafts := range now {
		former := was[k]
		for i, e := range drafts {
			switch {
			case len(former) == 0:
			case len(drafts) <= len(former):
				e.State, e.Path, found[former[i]] = Changed, former[i].path, true
			default:
				e.State, e.Path = Doubtful, former[0].path
			}
		}
		if len(drafts) > len(former) {
			for _, m := range former {
				found[m] = true
			}
		}
	}
	d.take(found)
}

// longerTitle matches the one draft with the one record that has a part of its
// title, or has it as a part: "hotfix" was edited to "hotfix (done)".
func (d *day) longerTitle() {
	fits := d.fitting(func(e, m string) bool {
		return len(e) > 2 && len(m) > 2 && (strings.Contains(e, m) || strings.Contains(m, e))
	})
	of := map[*made]int{}
	for _, former := range fits {
		for _, m := range former {
			of[m]++
		}
	}
	found := map[*made]bool{}
	for e, former := range fits {
		if len(former) == 1 && of[former[0]] == 1 {
			e.State, e.Path, found[former[0]] = Changed, former[0].path, true
		}
	}
	d.take(found)
}

// others leaves in doubt what may be one of the records that are left over, by
// another title.
func (d *day) others() {
	for e, former := range d.fitting(func(e, m string) bool { return true }) {
		e.State, e.Path = Doubtful, former[0].path
	}
}

// fitting are the records that each draft may be of, by time and title. Titles are
// compared as words between blanks.
func (d *day) fitting(title func(draft, record string) bool) map[*Planned][]*made {
	words := make([]string, len(d.records))
	for i, m := range d.records {
		words[i] = " " + text.Fold(m.title) + " "
	}
	fits := map[*Planned][]*made{}
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

// enough records that a draft may be of are as good as all of them: it is not one.
const enough = 2

// take takes out what has been matched.
func (d *day) take(found map[*made]bool) {
	var drafts []*Planned
	for _, e := range d.drafts {
		if e.State == New {
			drafts = append(drafts, e)
		}
	}
	var left []*made
	for _, m := range d.records {
		if !found[m] {
			left = append(left, m)
		}
	}
	d.drafts, d.records = drafts, left
}

// clock is the time of day; "" where only the day is known.
func clock(m records.Moment) string {
	if m.DateOnly {
		return ""
	}
	return m.Time.Format("15:04")
}

// timesFit tells whether two times of one day may be the same: the hour may have
// been written later.
func timesFit(a, b records.Moment) bool {
	return a.DateOnly || b.DateOnly || clock(a) == clock(b)
}
