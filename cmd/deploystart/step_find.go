package main

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/deploysite/deploysite/internal/records"
)

// findSteps are the indices of the steps that may be meant by a number, a key or
// words. Of several ways to match the closest counts that any step fits.
func findSteps(steps []records.Step, word string) (found []int) {
	if n, err := strconv.Atoi(strings.TrimPrefix(word, "#")); err == nil {
		if n < 1 || n > len(steps) {
			return nil
		}
		return []int{n - 1}
	}
	if found := stepsCalled(steps, word); len(found) > 0 {
		return found
	}
	words := fold(word)
	for _, text := range []func(records.Step) string{
		func(s records.Step) string { return s.Label },
		func(s records.Step) string { return s.Section + " " + s.Label },
		func(s records.Step) string { return s.Section + " " + s.Text },
	} {
		found := indices(steps, func(s records.Step) bool { return beginsEach(words, fold(text(s))) })
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// stepsCalled are the steps that have exactly this key or label.
func stepsCalled(steps []records.Step, word string) []int {
	found := indices(steps, func(s records.Step) bool { return s.Key == word })
	if len(found) > 0 {
		return found
	}
	name := strings.Join(fold(word), " ")
	return indices(steps, func(s records.Step) bool { return name != "" && strings.Join(fold(s.Label), " ") == name })
}

func indices(steps []records.Step, fits func(records.Step) bool) (found []int) {
	for i, s := range steps {
		if fits(s) {
			found = append(found, i)
		}
	}
	return found
}

// beginsEach tells whether each word begins one of a text's words.
func beginsEach(words, text []string) bool {
	for _, word := range words {
		if !slices.ContainsFunc(text, func(t string) bool { return strings.HasPrefix(t, word) }) {
			return false
		}
	}
	return len(words) > 0
}

// fold is a text's words in lower case, without punctuation.
func fold(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// stateWords are the ways to say a state, besides its name and its marks.
var stateWords = map[string]records.State{
	"ok": records.Done, "pass": records.Done, "passed": records.Done, "yes": records.Done, "complete": records.Done, "completed": records.Done,
	"fail": records.StepFailed, "failure": records.StepFailed, "no": records.StepFailed, "broken": records.StepFailed,
	"running": records.StepRunning, "doing": records.StepRunning, "started": records.StepRunning, "wip": records.StepRunning, "progress": records.StepRunning,
	"skip": records.Skipped, "n/a": records.Skipped, "na": records.Skipped,
	"open": records.Pending, "todo": records.Pending, "reset": records.Pending, "undo": records.Pending,
}

// allStateWords are the words that are long enough to be recognised when they
// are mistyped.
func allStateWords() (words []string) {
	for _, state := range records.States {
		words = append(words, string(state))
	}
	for word := range stateWords {
		if len(word) > len("fail") {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return words
}

// parseState reads a state by its name, another word for it, or a mark.
func parseState(word string) (records.State, bool) {
	word = strings.ToLower(strings.ReplaceAll(word, "_", "-"))
	if slices.Contains(records.States, records.State(word)) {
		return records.State(word), true
	}
	if state, ok := stateWords[word]; ok {
		return state, true
	}
	state, length, ok := records.ParseMark(word)
	return state, ok && length == len(word)
}
