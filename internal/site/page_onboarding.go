package site

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

// OnboardingPage is the reading list for new people.
type OnboardingPage struct {
	Page
	Items   []Reading
	Minutes int
}

// Reading is one thing to read: what, why and how long it takes.
type Reading struct {
	Page    string // by which the browser keeps the progress
	Title   string
	Why     string
	Issue   string // what went wrong there, in its own words, or ""
	Lesson  string // what was learned from it, or ""
	Minutes int
}

// wordsPerMinute is how fast people read technical text; studies of silent
// reading find about 240 for easy prose.
const wordsPerMinute = 200

// maxSuggested is how many records are chosen by what the history shows, where
// nobody chose enough.
const (
	maxSuggested  = 5
	maxOfAService = 3 // on the service's own page
)

func (s *pager) addOnboarding() {
	s.add("onboarding/", "onboarding", func() framed {
		p := OnboardingPage{Page: s.page("onboarding/", s.words.T("onboarding.title"), "onboarding"), Items: s.readingList()}
		for _, r := range p.Items {
			p.Minutes += r.Minutes
		}
		return p
	})
}

// readingList is the process and the checklist, then what the configuration names,
// then records that ask for it themselves, then those worth it by the history.
func (s *pager) readingList() []Reading {
	var out []Reading
	seen := map[string]bool{}
	addReading := func(r Reading) {
		if !seen[r.Page] {
			seen[r.Page] = true
			out = append(out, r)
		}
	}
	add := func(page, title, why string, words int) {
		addReading(Reading{page, title, why, "", "", minutes(words)})
	}
	addEntry := func(e *Entry, why string) { addReading(e.toRead(why)) }
	processes, checklists := s.longest()
	if processes > 0 {
		add("process/", s.words.T("document.process-title"), s.words.T("onboarding.process"), processes)
	}
	if checklists > 0 {
		add("checklist/", s.words.T("document.checklist-title"), s.words.T("onboarding.checklist"), checklists)
	}
	docs := map[string]*Doc{}
	for _, d := range s.Docs.all() {
		docs[d.file] = d
	}
	for _, id := range s.config.Reading { // checkReading has warned of those that are not there
		if e := s.byID[id]; e != nil {
			addEntry(e, s.words.T("onboarding.chosen"))
		} else if d := docs[id]; d != nil && id != "" {
			add(d.page, d.Title, s.words.T("onboarding.chosen"), d.words)
		}
	}
	var listed []*Entry
	for _, e := range s.Entries {
		if e.Reading.Listed {
			listed = append(listed, e)
		}
	}
	slices.Reverse(listed) // a story is read from its beginning
	slices.SortStableFunc(listed, func(a, b *Entry) int { return cmp.Compare(a.Reading.Weight, b.Reading.Weight) })
	for _, e := range listed {
		addEntry(e, cmp.Or(s.reasons(e), s.words.T("onboarding.marked")))
	}
	for _, r := range s.suggested(s.Entries, maxSuggested, seen) {
		addReading(r)
	}
	return out
}

// suggested are those of some entries that the history shows to be worth reading, at most
// so many, and then the one that shows what a normal deployment looks like.
func (s *pager) suggested(entries []*Entry, most int, but map[string]bool) (out []Reading) {
	for _, e := range worthReading(entries) {
		if len(out) == most {
			break
		}
		if !but[e.Page()] {
			out = append(out, e.toRead(s.reasons(e)))
		}
	}
	if e := normal(entries); e != nil {
		out = append(out, e.toRead(s.words.T("onboarding.normal")))
	}
	return out
}

// toRead is a record as something to read.
func (e *Entry) toRead(why string) Reading {
	return Reading{e.Page(), e.Title.Value, why, e.firstNote(records.Issues), e.firstNote(records.Lessons), minutes(e.Words)}
}

// minutes is how long people read so many words.
func minutes(words int) int { return max(1, (words+wordsPerMinute-1)/wordsPerMinute) }

// normal is the newest deployment that went to its end without an issue or a failed step,
// or nil. A step may be skipped on purpose.
func normal(entries []*Entry) *Entry {
	for _, e := range entries {
		done := e.Count(records.Done)
		if e.Status == records.Succeeded && done >= fewSteps && done+e.Count(records.Skipped) == e.AllSteps() && countNotes(e, records.Issues) == 0 && e.UndoneBy == nil {
			return e
		}
	}
	return nil
}

// fewSteps is how many steps a record has at least that shows how a deployment goes.
const fewSteps = 5

// firstNote is the first note of a kind as the reading list shows it, or "".
func (e *Entry) firstNote(kind records.NoteKind) string {
	for _, n := range e.Notes {
		if n.Kind == kind {
			return n.Summary()
		}
	}
	return ""
}

// longest counts the words of the longest process and the longest checklist: of
// several sources a newcomer reads those of one.
func (s *pager) longest() (process, checklist int) {
	for _, src := range s.sources {
		if src.process != nil {
			process = max(process, wordCount(src.process.Source), 1)
		}
		if src.template != nil {
			checklist = max(checklist, wordCount(src.template.Source), 1)
		}
	}
	return process, checklist
}

// checkReading warns of names in the configuration's reading that do not exist.
func (l *loader) checkReading() {
	for _, id := range l.config.Reading {
		if l.byID[id] == nil && l.sources[0].pages[id] == "" {
			l.Problems = append(l.Problems, l.config.Warning(problem.UnknownRecord, "reading", fmt.Sprintf("reading names %q, and there is no such record", id), l.howToName()))
		}
	}
}

// worthReading are the records that taught the most: others refer to them, or
// they failed and wrote down why. Newest first among equals.
func worthReading(entries []*Entry) []*Entry {
	score := func(e *Entry) int {
		n := 3 * len(e.ReferredBy)
		if e.Status == records.Failed || e.Status == records.RolledBack {
			n += min(4, countNotes(e, records.Issues)+countNotes(e, records.Lessons))
		}
		return n
	}
	var out []*Entry
	for _, e := range entries {
		if score(e) >= 3 {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *Entry) int { return cmp.Compare(score(b), score(a)) })
	return out
}

// reasons are the facts that make a record worth reading.
func (s *pager) reasons(e *Entry) string {
	w := s.words
	var out []string
	switch {
	case e.UndoneBy != nil:
		out = append(out, w.T("onboarding.undone"))
	case e.Status == records.RolledBack:
		out = append(out, w.T("onboarding.rolled-back"))
	case e.Status == records.Failed:
		out = append(out, w.T("onboarding.failed"))
	}
	if n := len(e.ReferredBy); n > 0 && countNotes(e, records.Issues)+countNotes(e, records.Lessons) == 0 { // else these say why
		out = append(out, w.N("onboarding.referred", n))
	}
	return strings.Join(out, w.T("lists.reasons"))
}

func countNotes(e *Entry, kind records.NoteKind) int {
	n := 0
	for _, note := range e.Notes {
		if note.Kind == kind {
			n++
		}
	}
	return n
}

func wordCount(source []byte) int {
	n := 0
	for range bytes.FieldsSeq(source) {
		n++
	}
	return n
}
