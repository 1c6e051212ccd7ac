package text

import "strings"

// EditDistance is the number of letters to insert, remove, change or swap with
// their neighbour to make b of a: the optimal string alignment distance, in bytes.
func EditDistance(a, b string) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := rows[0], rows[1], rows[2]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		rows = [3][]int{last, row, before}
	}
	return rows[1][len(b)]
}

// Nearest returns the word that was probably meant: the one with the fewest
// edits, if these are at most about a third of it; "" if there is none.
func Nearest(word string, known []string) string {
	best, fewest := "", len(word)
	for _, k := range known {
		d := EditDistance(strings.ToLower(word), k)
		if d < fewest && d <= (len(k)+1)/3 {
			best, fewest = k, d
		}
	}
	return best
}
