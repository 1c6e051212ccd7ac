package records

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// Mend is a change that mends what is mechanical: a key of the front matter with one
// letter wrong, and a box in other brackets. wanted tells which problems to mend, and
// done gets each that is mended, with what was changed as its message.
func Mend(wanted func(problem.Rule, int) bool, done func(problem.Problem)) Change {
	return change(func(e *editor) error {
		for e.mendOne(wanted, done) {
		}
		return nil
	})
}

// mending is one way to mend something.
type mending struct {
	rule   problem.Rule
	edit   Edit
	report string
	fits   func(after, before *Record) bool
}

// mendOne makes the first mending after which the record says what it did, and more.
func (e *editor) mendOne(wanted func(problem.Rule, int) bool, done func(problem.Problem)) bool {
	for _, m := range slices.Concat(e.keyMendings(), e.boxMendings()) {
		line, column := text.Position(e.Source, m.edit.Span.Start)
		if !wanted(m.rule, line) {
			continue
		}
		fits := func(after *Record) bool { return isMended(after, e.Record) && m.fits(after, e.Record) }
		if e.firstFitting([][]Edit{{m.edit}}, fits) == nil {
			done(m.rule.At(e.File, line, column, m.report, ""))
			return true
		}
	}
	return false
}

// isMended reports whether there are fewer problems, and the outcome is as it was.
func isMended(after, before *Record) bool {
	return len(after.Problems) < len(before.Problems) && after.Status == before.Status && after.StatusFrom == before.StatusFrom
}

// plainKey is a key that can have a letter wrong. One with a digit, or with an s at its
// end, may mean something else.
var plainKey = text.Pattern(`^[A-Za-z_-]{6,}$`)

func (e *editor) keyMendings() (all []mending) {
	for _, f := range e.FrontMatter.Fields {
		if k := slipOf(f.Name); k != "" && string(e.Source[f.NameSpan.Start:f.NameSpan.End]) == f.Name && !(front{e.layout}).has(k) {
			all = append(all, mending{problem.UnknownKey, Edit{f.NameSpan, k}, fmt.Sprintf("the key %s is now %s", f.Name, k), sameBody})
		}
	}
	return all
}

// slipOf is the only known key that a name differs from by one slip of the pen, or "".
func slipOf(name string) (key string) {
	if keyOf(name) != nil || !plainKey().MatchString(name) {
		return ""
	}
	written := underscores.Replace(strings.ToLower(name))
	for _, k := range keys {
		for _, known := range append([]string{k.name}, k.aliases...) {
			if !plainKey().MatchString(known) || text.EditDistance(written, known) != 1 || written == known+"s" || known == written+"s" {
				continue
			}
			if key != "" {
				return ""
			}
			key = known
		}
	}
	return key
}

// has reports whether the front matter sets what a key sets.
func (w front) has(key string) bool {
	_, ok := w.field(keyOf(key).name)
	return ok
}

// sameBody reports whether all but the front matter is as it was.
func sameBody(after, before *Record) bool {
	is, was := outlineOf(after), outlineOf(before)
	is[inFacts] = was[inFacts]
	return is.equal(was)
}

// otherBox is a box in brackets that no other meaning is known of.
var otherBox = text.Pattern(`^(?:[(（]([ \x{3000}xX✓✔])[)）]|\{([ xX])\}|【([ \x{3000}xX✓✔])】)$`)

func (e *editor) boxMendings() (all []mending) {
	isWiki := bytes.Contains(e.Source, []byte("(/)")) // where "(x)" is a cross
	for _, at := range e.almostAt {
		written := string(e.Source[at.Start:at.End])
		m := otherBox().FindStringSubmatch(written)
		if m == nil || isWiki && m[1] == "x" {
			continue
		}
		box := "[x]"
		if strings.TrimSpace(m[1]+m[2]+m[3]) == "" {
			box = "[ ]"
		}
		all = append(all, mending{problem.UnclearBox, Edit{at, box}, fmt.Sprintf("“%s” is now %s", written, box), oneStepMore})
	}
	return all
}

// oneStepMore reports whether all is as it was, with one step more.
func oneStepMore(after, before *Record) bool {
	more, ok := outlineOf(after).grown(inSteps, outlineOf(before))
	return ok && len(more) == 1
}
