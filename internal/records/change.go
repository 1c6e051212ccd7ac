package records

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
)

// A Change turns a record into a changed one, parsed from the changed bytes. The
// error says why the change cannot be made. The given record stays as it is.
//
//	mark := records.MarkStep(r.Ref(2), records.Mark{State: records.Done, At: now, By: "Ada Park"})
//	after, err := mark(r)
//
// A change replaces ranges of bytes and keeps all others. Then it compares the record
// before and after: what was asked for must be there, and everything else must be as
// it was. If it is not, the change is refused: Markdown has many corner cases.
//
// Method Change of store.File makes a change to a file on the disk.
type Change func(*Record) (*Record, error)

// Changes is one change made of several, in order.
func Changes(list ...Change) Change {
	return func(r *Record) (*Record, error) {
		for _, change := range list {
			next, err := change(r)
			if err != nil {
				return nil, err
			}
			r = next
		}
		return r, nil
	}
}

// ErrStale says that a change no longer fits: the step or note that it is for has
// changed, or is gone.
var ErrStale = errors.New("the record was changed in the meantime")

// errDoesNotFit says that no way to write a change is read as it is meant.
var errDoesNotFit = errors.New("it would not be read from the record as it is meant; look for a code block that is not closed, or write it with an editor")

// isSound reports whether a record can still be read as before.
func isSound(after, before *Record) bool {
	return (after.Document.Root == nil) == (before.Document.Root == nil) &&
		after.FrontMatter.Format == before.FrontMatter.Format && errorsIn(after) <= errorsIn(before)
}

func errorsIn(r *Record) (n int) {
	for _, p := range r.Problems {
		if p.Severity == problem.Error {
			n++
		}
	}
	return n
}

// outline is what a record says, without positions. Two readings are compared by
// their outlines.
type outline [5][]string

// The parts of an outline.
const (
	inFacts = iota
	inSections
	inSteps
	inNotes
	inMetrics
)

func outlineOf(r *Record) outline {
	return outline{
		inFacts:    factsOf(r),
		inSections: each(r.Sections, func(s Section) string { return fmt.Sprintf("%d %s %q", s.Level, s.Kind, s.Title) }),
		inSteps:    each(r.Steps, outlineStep),
		inNotes:    each(r.Notes, func(n Note) string { return outlineNote(n.Kind, n.Text) }),
		inMetrics:  each(r.Metrics, func(m Metric) string { return outlineMetric(m.Label, m.Value.Value) }),
	}
}

func each[T any](list []T, outline func(T) string) (all []string) {
	for _, one := range list {
		all = append(all, outline(one))
	}
	return all
}

func outlineStep(s Step) string {
	at := ""
	if !s.At.IsZero() {
		at = s.At.Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("%d %s %q %q %s %q", s.Depth, s.State, s.Key, s.Text, at, s.By)
}

func outlineNote(kind NoteKind, text string) string { return fmt.Sprintf("%s %q", kind, text) }

func outlineMetric(label, value string) string { return fmt.Sprintf("%q %q", label, value) }

// factsOf lists what is known of the deployment. Status and end are left out: the
// changes compare them.
func factsOf(r *Record) []string {
	facts := []string{"title " + r.Title.Value, "start " + r.Started.Time.Format(time.RFC3339Nano)}
	add := func(name string, texts ...Text) {
		for _, t := range texts {
			facts = append(facts, name+" "+t.Value)
		}
	}
	add("deployer", r.Deployers...)
	add("service", r.Services...)
	add("tag", r.Tags...)
	add("fact", r.Environment, r.Version, r.Commit, r.Branch, r.RollbackOf, r.Fixes, r.Template)
	add("approved by", r.ApprovedBy...)
	for _, f := range r.FrontMatter.Fields {
		if k := keyOf(f.Name); k == nil || k.name != "status" && k.name != "finished" {
			facts = append(facts, f.Name+" = "+outlineValue(f.Value))
		}
	}
	return facts
}

func outlineValue(v frontmatter.Value) string {
	parts := []string{fmt.Sprintf("%d %q", v.Kind, v.Text)}
	for _, item := range v.Items {
		parts = append(parts, outlineValue(item))
	}
	for _, f := range v.Map {
		parts = append(parts, f.Name+" = "+outlineValue(f.Value))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

func (o outline) equal(other outline) bool { return slices.EqualFunc(o[:], other[:], slices.Equal) }

// grown returns the entries that a part has more than before. ok is false if anything
// else differs, but for a section that was added for them.
func (o outline) grown(part int, before outline) (more []string, ok bool) {
	from, to, ok := inserted(o[part], before[part])
	_, _, sections := inserted(o[inSections], before[inSections])
	more = o[part][from:to]
	o[part], o[inSections] = before[part], before[inSections]
	return more, ok && sections && o.equal(before)
}

// added is the one of a list that was added between two readings of a record. ok is
// false if it is not exactly one.
func added[T any](before, after []T, outline func(T) string) (one T, ok bool) {
	from, to, ok := inserted(each(after, outline), each(before, outline))
	if !ok || to-from != 1 {
		return one, false
	}
	return after[from], true
}

// inserted returns the range of what was inserted into a list at one place. ok is
// false if the lists differ in another way.
func inserted(long, short []string) (from, to int, ok bool) {
	n, at := len(long)-len(short), 0
	for at < len(short) && at < len(long) && long[at] == short[at] {
		at++
	}
	if n < 0 || !slices.Equal(long[at+n:], short[at:]) {
		return 0, 0, false
	}
	return at, at + n, true
}
