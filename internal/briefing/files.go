package briefing

import (
	"path"
	"strings"
	"unicode"

	"github.com/deploysite/deploysite/internal/records"
)

// suspectFile is a file that changed and that an earlier trouble names.
type suspectFile struct {
	File   string          // slash-separated, as the change has it
	Named  string          // as the record names it: the file, or the end of its path
	Record *records.Record // the newest that names it
}

// suspects finds the changed files that records of earlier trouble name: in a
// step that failed, in a note below it, or in an issue. A file is named by its
// whole path or by the end of it, from a slash on, if that has a dot or a slash:
// "config/limits.yaml", "limits.yaml", "docker/Dockerfile", but not
// "Dockerfile", which may be any word. The records are newest first; the order of files is kept.
func suspects(files []string, rs []account) (found []suspectFile) {
	named := map[string]*records.Record{}
	for _, r := range rs {
		for _, text := range troubleTexts(r) {
			for _, name := range fileNames(text) {
				if named[name] == nil {
					named[name] = r.Record
				}
			}
		}
	}
	for _, file := range files {
		if name := longestEnd(file, named); name != "" {
			found = append(found, suspectFile{file, name, named[name]})
		}
	}
	return found
}

// troubleTexts is what a record says about what went wrong.
func troubleTexts(r account) (texts []string) {
	for i, s := range r.Steps {
		if s.State == records.StepFailed {
			texts = append(append(texts, s.Text), r.below[i]...)
		}
	}
	for _, n := range r.Notes {
		if n.Kind == records.Issues {
			texts = append(texts, n.Text)
		}
	}
	return texts
}

// fileNames are the words of a text that look like a file.
func fileNames(text string) (names []string) {
	for word := range strings.FieldsFuncSeq(text, isAround) {
		word, _, _ = strings.Cut(word, ":") // "main.go:12"
		word = strings.TrimPrefix(strings.TrimRight(word, "."), "./")
		if len(word) >= 4 && strings.ContainsAny(word, "./") && path.Clean(word) == word {
			names = append(names, word)
		}
	}
	return names
}

// isAround reports whether people put a character around file names.
func isAround(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\"'`“”„‘’«»()[]{}<>,;!?", r)
}

// longestEnd is the longest end of a file's path that is in named, or "".
func longestEnd(file string, named map[string]*records.Record) string {
	for end, more := file, true; more; _, end, more = strings.Cut(end, "/") {
		if named[end] != nil {
			return end
		}
	}
	return ""
}
