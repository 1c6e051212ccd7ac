package project

import (
	"strings"

	"github.com/deploysite/deploysite/internal/records"
)

// Nearest returns the word that was probably meant: the one with the fewest
// edits, if those are about a third of it at most; "" where none is near.
func Nearest(word string, known []string) string {
	best, fewest := "", len(word)
	for _, k := range known {
		d := records.EditDistance(strings.ToLower(word), k)
		if d < fewest && d <= (len(k)+1)/3 {
			best, fewest = k, d
		}
	}
	return best
}
