package compare

import (
	"slices"
	"sort"
	"strings"
	"unique"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// A Step is a step of a record, or of the checklist. Most records of a history have
// the same steps, so their names are shared.
type Step struct {
	name  unique.Handle[stepName]
	state uint8 // its place in records.States
}

type stepName struct {
	key, section, label, id string
	former                  string // the keys that it had before; a key has no blanks
}

// Key is what a step is followed by through all records.
func (s Step) Key() string { return s.name.Value().key }

// CutKey is the key that it had while keys were cut, see [records.CutKey]. Comments may
// still say it.
func (s Step) CutKey() string { return records.CutKey(s.Key(), s.Section(), s.Label()) }

// Section is the title of the section that it stands in, "" before the first.
func (s Step) Section() string { return s.name.Value().section }

// Label is what it is called.
func (s Step) Label() string { return s.name.Value().label }

// ID is its ID in its own record.
func (s Step) ID() string { return s.name.Value().id }

// Former are the keys that it had before, as a comment in it says.
func (s Step) Former() []string { return strings.Fields(s.name.Value().former) }

// State is how far it got.
func (s Step) State() records.State { return records.States[s.state] }

// Place is that of its state in [records.States].
func (s Step) Place() int { return int(s.state) }

// Name is a short form of all that it is called: steps with the same name have the
// same key, section, label, ID and former keys.
func (s Step) Name() Name { return Name{s.name} }

// A Name is what is the same for many steps.
type Name struct{ of unique.Handle[stepName] }

// StepsOf are the steps of a record, or of the checklist. It needs its source and tree.
func StepsOf(r *records.Record) []Step {
	former := insights.FormerKeys(r)
	steps := make([]Step, len(r.Steps))
	for i := range r.Steps {
		s := &r.Steps[i]
		name := stepName{s.Key, s.Section, s.Label, s.ID, strings.Join(former[s.ID], " ")}
		steps[i] = Step{unique.Make(name), uint8(slices.Index(records.States, s.State))}
	}
	return steps
}

// A Pair is one step in both.
type Pair struct{ Before, After Step }

// Steps is what differs between the steps of two records, or of a record and the
// checklist.
type Steps struct {
	Shared  int    // how many both have, renamed and moved ones too
	Differ  []Pair // in both, in other states
	Renamed []Pair // by what a comment says
	Moved   []Pair // to another section, or to another place among those that both have
	New     []Step // in the later alone
	Gone    []Step // in the earlier alone
}

// Layout is how many steps are renamed, moved, new or gone.
func (s Steps) Layout() int { return len(s.Renamed) + len(s.Moved) + len(s.New) + len(s.Gone) }

// StepsBetween compares the steps of two records. Steps are the same that have the
// same key; or, where a comment says so, a former one; or else the same label in
// another section, if no other step has it.
func StepsBetween(before, after []Step) Steps {
	m := match(before, after)
	s := Steps{}
	stayed := longestRising(m.inTheirSection())
	for j, i := range m.earlier {
		if i < 0 {
			s.New = append(s.New, after[j])
			continue
		}
		s.Shared++
		p := Pair{before[i], after[j]}
		if p.Before.state != p.After.state {
			s.Differ = append(s.Differ, p)
		}
		switch {
		case labelKey(p.Before) != labelKey(p.After):
			s.Renamed = append(s.Renamed, p)
		case !stayed[j]:
			s.Moved = append(s.Moved, p)
		}
	}
	for i, found := range m.found {
		if !found {
			s.Gone = append(s.Gone, before[i])
		}
	}
	return s
}

// matching tells which steps are the same.
type matching struct {
	before, after []Step
	earlier       []int  // of each later step the place in before, -1 where it has none
	found         []bool // which of the earlier steps have a later one
}

func match(before, after []Step) *matching {
	m := &matching{before, after, make([]int, len(after)), make([]bool, len(before))}
	for j := range m.earlier {
		m.earlier[j] = -1
	}
	m.bySequence()
	m.by(Step.Key, func(s Step) []string { return []string{s.Key()} })
	m.by(Step.Key, Step.Former)
	m.byCutKey()
	m.byLabel()
	return m
}

// bySequence takes the steps that both begin with: most often that is all of them.
func (m *matching) bySequence() {
	for i := 0; i < min(len(m.before), len(m.after)) && m.before[i].Key() == m.after[i].Key(); i++ {
		m.pair(i, i)
	}
}

func (m *matching) pair(i, j int) { m.earlier[j], m.found[i] = i, true }

// by pairs the steps that are left. A key that several steps have is theirs in order.
func (m *matching) by(key func(Step) string, keys func(Step) []string) {
	places := m.left(key)
	for j, i := range m.earlier {
		if i >= 0 || len(places) == 0 {
			continue
		}
		for _, k := range keys(m.after[j]) {
			if at := places[k]; len(at) > 0 {
				m.pair(at[0], j)
				places[k] = at[1:]
				break
			}
		}
	}
}

// byCutKey pairs the steps whose comments name a key that was cut, where one step alone had it.
func (m *matching) byCutKey() {
	var places map[string][]int
	for j, i := range m.earlier {
		former := m.after[j].Former()
		if i >= 0 || len(former) == 0 {
			continue
		}
		if places == nil {
			places = m.left(Step.CutKey)
		}
		for _, k := range former {
			if at := places[k]; len(at) == 1 && !m.found[at[0]] {
				m.pair(at[0], j)
				break
			}
		}
	}
}

// left are the places of the earlier steps that are left, by a key.
func (m *matching) left(key func(Step) string) map[string][]int {
	places := map[string][]int{}
	for i, found := range m.found {
		if !found {
			places[key(m.before[i])] = append(places[key(m.before[i])], i)
		}
	}
	return places
}

// byLabel pairs steps of the same label in different sections. Where several have it,
// nobody can tell which is which.
func (m *matching) byLabel() {
	places, count := m.left(labelKey), map[string]int{}
	for j, i := range m.earlier {
		if i < 0 {
			count[labelKey(m.after[j])]++
		}
	}
	for j, i := range m.earlier {
		label := labelKey(m.after[j])
		if at := places[label]; i < 0 && len(at) == 1 && count[label] == 1 {
			m.pair(at[0], j)
		}
	}
}

// inTheirSection is what [matching] has as earlier, but for steps that are in another
// section now.
func (m *matching) inTheirSection() []int {
	stayed := slices.Clone(m.earlier)
	for j, i := range stayed {
		if i >= 0 && sectionKey(m.before[i]) != sectionKey(m.after[j]) {
			stayed[j] = -1
		}
	}
	return stayed
}

// labelKey is the part of a step's key that stands for its label.
func labelKey(s Step) string { return s.Key()[len(sectionKey(s)):] }

// sectionKey is the part of a step's key that stands for its section.
func sectionKey(s Step) string { return s.Key()[:strings.LastIndexByte(s.Key(), '/')+1] }

// longestRising tells which numbers belong to the longest rising sequence among those
// that are not negative: the fewest others have moved.
func longestRising(numbers []int) []bool {
	var ends []int // of the best sequence of each length, the place of its last number
	former := make([]int, len(numbers))
	for j, n := range numbers {
		if n < 0 {
			continue
		}
		length := sort.Search(len(ends), func(k int) bool { return numbers[ends[k]] >= n })
		if former[j] = -1; length > 0 {
			former[j] = ends[length-1]
		}
		ends = append(ends, j)
		ends[length], ends = j, ends[:max(length+1, len(ends)-1)]
	}
	rising := make([]bool, len(numbers))
	if len(ends) > 0 {
		for j := ends[len(ends)-1]; j >= 0; j = former[j] {
			rising[j] = true
		}
	}
	return rising
}
