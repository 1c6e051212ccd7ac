package project

import "strings"

// Nearest returns the word that was probably meant: the one with the fewest
// edits, if those are about a third of it at most; "" where none is near.
func Nearest(word string, known []string) string {
	best, fewest := "", len(word)
	for _, k := range known {
		d := edits(strings.ToLower(word), k)
		if d < fewest && d <= (len(k)+1)/3 {
			best, fewest = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance between two words, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
