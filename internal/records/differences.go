package records

import (
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// Differences says in words what the second of two readings of a record says
// otherwise: status, steps, notes, in this order, and what else somebody knows of; where
// there is none of these, the text that is gone or there. It is empty if nothing differs.
func Differences(was, is *Record, more ...string) (all []string) {
	if was.Status != is.Status {
		all = append(all, "the deployment is "+is.Status.Words())
	}
	all = append(append(append(all, stepDifferences(was, is)...), noteDifferences(was, is)...), more...)
	if len(all) > 0 {
		return all
	}
	return textDifferences(string(was.Source), string(is.Source))
}

// textDifferences is what stands between the same beginning and the same end of two texts,
// in whole words; without the lines that both have, since two changes may lie far apart.
func textDifferences(was, is string) (all []string) {
	if a, b := linesWithout(was, is), linesWithout(is, was); a != b {
		was, is = a, b // else lines changed places
	}
	start := 0
	for start < min(len(was), len(is)) && was[start] == is[start] {
		start++
	}
	for cutsWord(was, start) || cutsWord(is, start) {
		start--
	}
	was, is = was[start:], is[start:]
	end := 0
	for end < min(len(was), len(is)) && was[len(was)-1-end] == is[len(is)-1-end] {
		end++
	}
	for cutsWord(was, len(was)-end) || cutsWord(is, len(is)-end) {
		end--
	}
	was, is = was[:len(was)-end], is[:len(is)-end]
	for _, side := range []struct{ text, verb string }{{was, "gone"}, {is, "there"}} {
		if strings.TrimSpace(side.text) != "" {
			all = append(all, quoted(strings.ToValidUTF8(text.OneLine(side.text, 100), "?"))+" is "+side.verb)
		}
	}
	return all
}

// linesWithout is the lines of a text without those of another, each as often as it is there.
func linesWithout(s, other string) string {
	left := map[string]int{}
	for line := range strings.Lines(other) {
		left[line]++
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		if left[line]--; left[line] < 0 {
			b.WriteString(line)
		}
	}
	return b.String()
}

// cutsWord reports whether a place lies within a word.
func cutsWord(s string, at int) bool {
	return at > 0 && at < len(s) && strings.Trim(s[at-1:at+1], " \t\r\n") == s[at-1:at+1]
}

func stepDifferences(was, is *Record) (all []string) {
	if len(was.Steps) != len(is.Steps) {
		all = append(onlyIn(is.Steps, was.Steps, "there"), onlyIn(was.Steps, is.Steps, "gone")...)
		if len(all) == 1 {
			return all
		}
		return []string{fmt.Sprintf("there are %s, not %d", text.Count(len(is.Steps), "step"), len(was.Steps))}
	}
	for i, now := range is.Steps {
		then := was.Steps[i]
		switch {
		case then.State != now.State:
			all = append(all, quoted(now.Label)+" is "+now.State.Words())
		case !then.At.Equal(now.At) || then.By != now.By:
			all = append(all, quoted(now.Label)+" has another mark")
		}
		if was.written(then.Span) == is.written(now.Span) {
			continue // most are
		}
		if a, b := was.StepNotes(then), is.StepNotes(now); !slices.Equal(a, b) {
			all = append(all, fmt.Sprintf("%s has %s below it, not %d", quoted(now.Label), text.Count(len(b), "note"), len(a)))
		}
	}
	return all
}

// onlyIn names the steps that others are without.
func onlyIn(steps, others []Step, verb string) (all []string) {
	for _, s := range steps {
		if !slices.ContainsFunc(others, func(o Step) bool { return o.ID == s.ID }) {
			all = append(all, "the step "+quoted(s.Label)+" is "+verb)
		}
	}
	return all
}

// noteDifferences compares notes by their IDs, which stay while their first words do.
func noteDifferences(was, is *Record) (all []string) {
	then, now := textsOfNotes(was), textsOfNotes(is)
	say := func(n Note, what string) { all = append(all, "the "+string(n.Kind)+" "+quoted(n.Said())+" "+what) }
	for _, n := range is.Notes {
		if text, ok := then[n.ID]; !ok {
			say(n, "is there")
		} else if text != n.Text {
			say(n, "says something else")
		}
	}
	for _, n := range was.Notes {
		if _, ok := now[n.ID]; !ok {
			say(n, "is gone")
		}
	}
	return all
}

func textsOfNotes(r *Record) map[string]string {
	texts := map[string]string{}
	for _, n := range r.Notes {
		texts[n.ID] = n.Text
	}
	return texts
}

func quoted(s string) string { return "“" + text.Cut(strings.TrimSpace(s), 60) + "”" }
