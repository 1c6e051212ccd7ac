package secrets

import (
	"bytes"

	"github.com/deploysite/deploysite/internal/text"
)

// What is a secret in one place of a text is one in each: a table tells what the password
// is, and a step uses it.

const (
	repeatable  = 6  // bytes that a secret has at least to be looked for elsewhere
	mostRepeats = 50 // secrets of a text that are looked for
)

// repeats are the other places of secrets in a text.
func repeats(source []byte, found []Secret) (all []Secret) {
	looked := map[string]bool{}
	for _, s := range found {
		value := source[s.Start:s.End]
		if len(looked) == mostRepeats {
			break
		}
		if len(value) < repeatable || looked[string(value)] {
			continue
		}
		looked[string(value)] = true
		all = append(all, places(source, value, s)...)
	}
	return all
}

// places are where a value stands as a word of its own, but for where it was found.
func places(source, value []byte, s Secret) (all []Secret) {
	for at := 0; ; at += len(value) {
		i := bytes.Index(source[at:], value)
		if i < 0 {
			return all
		}
		at += i
		end := at + len(value)
		within := at > 0 && isAlnum(source[at-1]) && isAlnum(value[0]) || end < len(source) && isAlnum(source[end]) && isAlnum(value[len(value)-1])
		if at != s.Start && !within {
			all = append(all, Secret{Rule: s.Rule, Span: text.Span{Start: at, End: end}})
		}
	}
}
