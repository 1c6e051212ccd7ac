package briefing

import (
	"strconv"
	"strings"
)

// Called are the indices of the notes that somebody may mean by a word: the number that
// the note has in the list, from 1, or words of its text.
func Called(list []OpenNote, word string) (found []int) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(list) {
		return []int{n - 1}
	}
	for i, open := range list {
		if strings.Contains(strings.ToLower(open.Note.Text), strings.ToLower(word)) {
			found = append(found, i)
		}
	}
	return found
}
