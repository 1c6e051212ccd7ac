package work

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/briefing"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Lessons are the notes of earlier deployments that nobody had decided on when the
// record was started: tips first. What the record decides does not change their order,
// so their numbers stay.
type Lessons struct {
	*Job
	*briefing.Briefing
	List []briefing.OpenNote

	name  string        // what one of them is called: "lesson" or "tip"
	marks []ledger.Mark // of the record
}

// Lessons finds those of the record; tips alone if that is their name.
func (j *Job) Lessons(ctx context.Context, name string) (*Lessons, error) {
	b, err := j.Brief(ctx)
	if err != nil {
		return nil, err
	}
	l := &Lessons{j, b, b.Tips, name, ledger.Marks(j.Record)}
	if name != "tip" {
		l.List = slices.Concat(b.Tips, b.Notes)
	}
	return l, nil
}

// State is what the record decides on a note: open, accepted or dismissed.
func (l *Lessons) State(ref ledger.Ref) ledger.State {
	for _, m := range l.marks {
		switch {
		case m.Note != ref:
		case m.Verdict == ledger.Dismiss:
			return ledger.Dismissed
		case m.Verdict == ledger.Accept:
			return ledger.Accepted
		}
	}
	return ledger.Open
}

// Change decides on a note.
func (l *Lessons) Change(ctx context.Context, change records.Change) (before *records.Record, err error) {
	if before, err = l.Job.Change(ctx, change); err == nil {
		l.marks = ledger.Marks(l.Record)
	}
	return before, err
}

// Meant is the note that somebody means: by its ID, its number in the list, or words
// that no other note of the list has.
func (l *Lessons) Meant(word string) (ledger.Mention, error) {
	if ref, ok := ledger.ParseRef(word); ok {
		return l.NoteOf(ref)
	}
	if _, err := strconv.Atoi(word); err != nil && len(strings.TrimSpace(word)) < 3 {
		return ledger.Mention{}, cli.Usagef("%q is too short to find a %[2]s by; give its number, its ID or three letters or more; they are listed by: deploystart %[2]s", word, l.name)
	}
	found := called(l.List, word)
	switch len(found) {
	case 1:
		return l.List[found[0]].Mention, nil
	case 0:
		return ledger.Mention{}, cli.Usagef("no %[1]s has the number or the words %[2]q; they are listed by: deploystart %[1]s", l.name, word)
	}
	l.Env.Tell("deploystart: %d %ss could be meant by %q; give the number:", len(found), l.name, word)
	for _, i := range found {
		l.Env.Tell("  %d  %s", i+1, text.Cut(l.List[i].Note.Text, 70))
	}
	return ledger.Mention{}, cli.ErrReportedUsage
}

// called are the places in a list of the notes with a number, from 1, or with words: as
// they stand together, or where none has them so, each of them.
func called(list []briefing.OpenNote, word string) (found []int) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(list) {
		return []int{n - 1}
	}
	for i, open := range list {
		if strings.Contains(strings.ToLower(open.Note.Text), strings.ToLower(word)) {
			found = append(found, i)
		}
	}
	if words := text.Words(word); len(found) == 0 && len(words) > 0 {
		for i, open := range list {
			has := text.Words(open.Note.Text)
			if !slices.ContainsFunc(words, func(w string) bool {
				return !slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) })
			}) {
				found = append(found, i)
			}
		}
	}
	return found
}

// NoteOf finds a note of any record of the project.
func (j *Job) NoteOf(ref ledger.Ref) (ledger.Mention, error) {
	other := &Job{Env: j.Env, Project: j.Project}
	if err := other.Named(ref.Record); err != nil {
		return ledger.Mention{}, err
	}
	var ids []string
	for i := range other.Record.Notes {
		n := &other.Record.Notes[i]
		if n.ID == ref.Note {
			return ledger.Mention{Record: other.Record, Note: n}, nil
		}
		ids = append(ids, n.ID)
	}
	if near := text.Nearest(ref.Note, ids); near != "" {
		return ledger.Mention{}, cli.Usagef("%s has no note %s; did you mean %s?", other.File.Name, ref.Note, near)
	}
	return ledger.Mention{}, cli.Usagef("%s has no note %s", other.File.Name, ref.Note)
}

// Lesson is a note as JSON.
type Lesson struct {
	Number int    `json:"number"` // in the list, from 1; 0 where it is not there
	ID     string `json:"id"`     // "2024-08-31-14-30#tip-purge-the-cache"
	Text   string `json:"text"`
	State  string `json:"state"` // what this record decides: open, accepted, dismissed
}

// JSON is a note as JSON.
func (l *Lessons) JSON(m ledger.Mention) Lesson {
	i := slices.IndexFunc(l.List, func(n briefing.OpenNote) bool { return n.Ref() == m.Ref() })
	return Lesson{i + 1, m.Ref().String(), m.Note.Text, string(l.State(m.Ref()))}
}
