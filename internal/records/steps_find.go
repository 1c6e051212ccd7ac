package records

import (
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// FindSteps lists the indices of the steps that a number, a key or words may mean. It
// tries the closest way to match first, and stops at the first that matches any step.
func FindSteps(steps []Step, word string) (found []int) {
	if n, err := strconv.Atoi(strings.TrimPrefix(word, "#")); err == nil {
		if n < 1 || n > len(steps) {
			return nil
		}
		return []int{n - 1}
	}
	if found := StepsCalled(steps, word); len(found) > 0 {
		return found
	}
	words := text.Words(word)
	for _, of := range []func(Step) string{
		func(s Step) string { return s.Label },
		func(s Step) string { return s.Section + " " + s.Label },
		func(s Step) string { return s.Section + " " + s.Text },
	} {
		found := stepsThat(steps, func(s Step) bool { return beginsEach(words, text.Words(of(s))) })
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// StepsCalled lists the indices of the steps with exactly this key or label, or that had
// this key while keys were cut.
func StepsCalled(steps []Step, word string) []int {
	for _, key := range []func(Step) string{func(s Step) string { return s.Key }, Step.cutKey} {
		if found := stepsThat(steps, func(s Step) bool { return key(s) == word }); len(found) > 0 {
			return found
		}
	}
	name := text.Bare(word)
	return stepsThat(steps, func(s Step) bool { return name != "" && text.Bare(s.Label) == name })
}

func stepsThat(steps []Step, fits func(Step) bool) (found []int) {
	for i, s := range steps {
		if fits(s) {
			found = append(found, i)
		}
	}
	return found
}

// beginsEach reports whether each word is the beginning of one of a text's words. A
// letter or two are no beginning: a key that slipped must mark nothing.
func beginsEach(words, text []string) bool {
	const few = 2
	for _, word := range words {
		if !slices.ContainsFunc(text, func(t string) bool { return t == word || len(word) > few && strings.HasPrefix(t, word) }) {
			return false
		}
	}
	return len(words) > 0
}

// saidStates are the ways to say a state, besides its name and its marks.
var saidStates = text.Table(map[State]string{
	Done:        `ok, pass, passed, yes, complete, completed`,
	StepFailed:  `fail, failure, no, broken`,
	StepRunning: `running, doing, started, wip, progress`,
	Skipped:     `skip, n/a, na`,
	Pending:     `open, todo, reset, undo`,
})

// StateWords lists the words for states that are long enough to be recognised when
// they are mistyped.
func StateWords() (words []string) {
	for _, state := range States {
		words = append(words, string(state))
	}
	for word := range saidStates {
		if len(word) > len("fail") {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return words
}

// ParseState reads a state by its name, another word for it, or a mark.
func ParseState(word string) (State, bool) {
	name := strings.ToLower(strings.ReplaceAll(word, "_", "-"))
	if slices.Contains(States, State(name)) {
		return State(name), true
	}
	if state, ok := saidStates[name]; ok {
		return state, true
	}
	if state, length, ok := ParseMark(word); ok && length == len(word) {
		return state, !isUnclear(word)
	}
	inBox := strings.TrimSuffix(strings.TrimPrefix(word, "["), "]")
	state, length, ok := parseSign(inBox)
	return state, ok && length == len(inBox)
}

// CutState parts words into those of a step and the state behind them, as it was
// written: "real use failed", "real use ❌", "real use [ ]". state is "" where the last
// of them may well be a word of the step.
func CutState(words string) (step, state string) {
	words = strings.TrimSpace(words)
	at := strings.LastIndexByte(words, ' ')
	if box := strings.LastIndexByte(words, '['); box > 0 && strings.HasSuffix(words, "]") {
		at = box - 1
	}
	if at < 0 {
		return words, ""
	}
	step, state = strings.TrimSpace(words[:at+1]), words[at+1:]
	if _, ok := ParseState(state); ok || len(text.Words(state)) == 0 {
		return step, state
	}
	return words, ""
}

// Name is the step with its section, as people would call it.
func (s Step) Name() string { return text.Join(": ", s.Place(), s.Label) }

// cutKey is the key that a step had while two long names with the same beginning had the
// same one. Records and commands may still name it.
func (s Step) cutKey() string { return CutKey(s.Key, s.Section, s.Label) }

// CutKey is that of a step with a key, a section and a label.
func CutKey(key, section, label string) string {
	if strings.Contains(key, "/") {
		return text.Slug(section) + "/" + text.Slug(label)
	}
	return text.Slug(label)
}

// Place is the step's section, or "" if that is the record's title.
func (s Step) Place() string {
	if !strings.Contains(s.Key, "/") {
		return ""
	}
	return s.Section
}
