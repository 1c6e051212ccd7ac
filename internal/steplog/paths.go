package steplog

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Paths tell which steps of records are which of the checklist.
type Paths struct {
	checklist []compare.Step
	numbers   map[string]int // key → the first step of the checklist that has it
	later     Past
}

// Follow finds the paths of steps. Written evidence alone counts, in this order: a
// comment in the checklist, what its past says, a comment in a record, the newest
// first. A key that the checklist has is never followed further.
func Follow(checklist []compare.Step, past Past, history [][]compare.Step) *Paths {
	p := &Paths{checklist: checklist, numbers: map[string]int{}, later: Past{}}
	for i, s := range checklist {
		if _, twice := p.numbers[s.Key()]; !twice {
			p.numbers[s.Key()] = i
		}
	}
	p.later.read(checklist)
	for former, key := range past {
		p.later.add(former, key)
	}
	seen, cut := map[compare.Name]bool{}, map[string]string{}
	for _, steps := range history {
		for i, s := range steps {
			name := s.Name()
			if seen[name] {
				continue
			}
			seen[name] = true
			p.later.read(steps[i : i+1])
			if was := s.CutKey(); was != s.Key() {
				if other, found := cut[was]; found && other != s.Key() {
					cut[was] = "" // nobody knows which of them
				} else {
					cut[was] = s.Key()
				}
			}
		}
	}
	for was, key := range cut { // what a comment says of a key that was cut is said of the step that alone had it
		if now, said := p.later[was]; said && key != "" {
			p.later.add(key, now)
		}
	}
	return p
}

// A Past has the key that a step got, by the one that it had.
type Past map[string]string

// PastOf reads the versions of a checklist, the oldest first: their comments, the
// newest first, and what single changes say. It needs their sources and trees.
func PastOf(versions []*records.Record) Past {
	p := Past{}
	for _, r := range slices.Backward(versions) {
		p.read(compare.StepsOf(r))
	}
	for i := len(versions) - 1; i > 0; i-- {
		p.change(versions[i-1], versions[i])
	}
	return p
}

// read follows what comments in steps say.
func (p Past) read(steps []compare.Step) {
	for _, s := range steps {
		for _, former := range s.Former() {
			p.add(former, s.Key())
		}
	}
}

func (p Past) add(former, key string) {
	if _, known := p[former]; !known && former != key {
		p[former] = key
	}
}

// Key is the key of today of a step that had one in a record.
func (p *Paths) Key(key string) string {
	for range len(p.later) + 1 { // a circle has no end
		if _, listed := p.numbers[key]; listed {
			break
		}
		next, ok := p.later[key]
		if !ok {
			break
		}
		key = next
	}
	return key
}

// Number is that of a step of a record in the checklist; ok is false where it has none.
func (p *Paths) Number(s compare.Step) (number int, ok bool) {
	number, ok = p.numbers[p.Key(s.Key())]
	return number, ok
}

// States are those of a record's steps that the checklist has, each once, by their
// numbers there.
func (p *Paths) States(steps []compare.Step) iter.Seq2[int, records.State] {
	return func(yield func(int, records.State) bool) {
		found := make([]numbered, 0, len(steps))
		for _, s := range steps {
			if n, ok := p.Number(s); ok {
				found = append(found, numbered{n, s.Place()})
			}
		}
		slices.SortFunc(found, func(a, b numbered) int { return cmp.Or(a.number-b.number, worse(a.place, b.place)) })
		for i, s := range found {
			if i > 0 && found[i-1].number == s.number {
				continue
			}
			if !yield(s.number, records.States[s.place]) {
				return
			}
		}
	}
}

// numbered is a step of a record that the checklist has.
type numbered struct{ number, place int }

// Lost reports whether some steps lead nowhere in the checklist, so that its history
// may tell more.
func (p *Paths) Lost(history [][]compare.Step) bool {
	known := map[compare.Name]bool{}
	for _, steps := range history {
		for _, s := range steps {
			if known[s.Name()] {
				continue
			}
			if _, ok := p.Number(s); !ok {
				return true
			}
			known[s.Name()] = true
		}
	}
	return false
}

// change reads what one change of the checklist says. A step that was taken out of one
// section and put into another has moved, if no other has its name. One whose other
// words stayed has a new name, if no other of the section has these words.
func (p Past) change(before, after *records.Record) {
	gone, come := onlyIn(before, after), onlyIn(after, before)
	p.pair(gone, come, func(s *records.Step) string { return text.Bare(s.Label) })
	p.pair(gone, come, func(s *records.Step) string {
		if rest := text.Bare(strings.TrimPrefix(s.Text, s.Label)); rest != "" {
			return sectionOf(s.Key) + "\x00" + rest
		}
		return ""
	})
}

func sectionOf(key string) string { return key[:strings.LastIndexByte(key, '/')+1] }

// onlyIn are the steps of one version that the other has not.
func onlyIn(in, other *records.Record) (all []*records.Step) {
	has := map[string]bool{}
	for i := range other.Steps {
		has[other.Steps[i].Key] = true
	}
	for i := range in.Steps {
		if s := &in.Steps[i]; !has[s.Key] {
			all = append(all, s)
		}
	}
	return all
}

// pair connects steps that have a mark in common which no others have.
func (p Past) pair(gone, come []*records.Step, mark func(*records.Step) string) {
	before, after := alone(gone, mark), alone(come, mark)
	for m, s := range before {
		if now := after[m]; s != nil && now != nil && m != "" {
			p.add(s.Key, now.Key)
		}
	}
}

// alone are the steps by their marks; nil where several have one.
func alone(steps []*records.Step, mark func(*records.Step) string) map[string]*records.Step {
	by := map[string]*records.Step{}
	for _, s := range steps {
		m := mark(s)
		if _, several := by[m]; several {
			by[m] = nil
		} else {
			by[m] = s
		}
	}
	return by
}
