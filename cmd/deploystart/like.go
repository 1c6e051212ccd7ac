package main

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// A memory knows what earlier records tell of the like of an error.
type memory interface {
	// like finds the issues that are most like a text, the best first, in other
	// records than the one of the given ID. None is found where none is alike.
	like(ctx context.Context, text, but string) ([]seen, error)
}

// seen is an issue that somebody had before.
type seen struct {
	record *records.Record
	note   records.Note
	score  float64 // how alike, up to 1
}

// Numbers, addresses, ids and times in an error differ each time, its words stay.
// So two texts are compared by their words alone, and a word that few records
// have counts more than one that all have. In a long log the lines that complain
// are looked for by themselves as well. The files are searched without being
// parsed; only the few that share most with the text are.
type wordMemory struct{ folder store.Folder }

const (
	mostParsed = 30  // records
	mostSeen   = 3   // issues
	mostLines  = 8   // that complain, of a log
	alikeFrom  = 0.4 // found by reading: below, other errors of the same programs begin
	leastWords = 3   // that two texts must share, unless one has fewer
)

func (m wordMemory) like(ctx context.Context, text, but string) ([]seen, error) {
	x := rarity{words: errorWords([]byte(text))}
	names, err := m.folder.Names()
	if err != nil || len(x.words) == 0 {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return store.ID(name) == but })
	found, err := x.count(ctx, m.folder, names)
	if err != nil {
		return nil, err
	}
	x.ask(text)
	var best []seen
	for _, name := range x.mostAlike(names, found) {
		r, err := m.folder.Read(name)
		if err == nil {
			best = append(best, x.issues(r)...)
		}
	}
	slices.SortStableFunc(best, func(a, b seen) int { return cmp.Compare(b.score, a.score) })
	return best[:min(len(best), mostSeen)], nil
}

// rarity is how rare the words of a text are in all records.
type rarity struct {
	words   map[string]int // the text's, numbered
	weight  []float64      // by number
	queries [][]int        // the words of the text, and of its lines that complain
}

// ask takes the text apart into what is looked for.
func (x *rarity) ask(text string) {
	x.queries = [][]int{x.in([]byte(text))}
	for line := range strings.Lines(text) {
		if complains.MatchString(line) && len(x.queries) <= mostLines {
			x.queries = append(x.queries, x.in([]byte(line)))
		}
	}
}

// count finds which of the words each file has, and weighs them.
func (x *rarity) count(ctx context.Context, f store.Folder, names []string) ([][]int, error) {
	found := make([][]int, len(names))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		group.Go(func() error {
			if source, err := f.Source(name); err == nil {
				found[i] = x.in(source)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	files := make([]int, len(x.words))
	for _, numbers := range found {
		for _, n := range numbers {
			files[n]++
		}
	}
	x.weight = make([]float64, len(x.words))
	for n, count := range files {
		x.weight[n] = math.Log(1 + float64(len(names))/float64(1+count))
	}
	return found, nil
}

// in are the numbers of the words that a text has.
func (x *rarity) in(text []byte) (numbers []int) {
	has := make([]bool, len(x.words))
	eachWord(text, func(word []byte) {
		if n, ok := x.words[string(word)]; ok && !has[n] {
			has[n] = true
			numbers = append(numbers, n)
		}
	})
	return numbers
}

// mostAlike are the files that share most with the text.
func (x *rarity) mostAlike(names []string, found [][]int) []string {
	order := make([]int, len(names))
	shared := make([]float64, len(names))
	for i, numbers := range found {
		order[i] = i
		shared[i] = x.sum(numbers)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shared[b], shared[a]) })
	var best []string
	for _, i := range order[:min(len(order), mostParsed)] {
		if shared[i] > 0 {
			best = append(best, names[i])
		}
	}
	return best
}

func (x *rarity) sum(numbers []int) (sum float64) {
	for _, n := range numbers {
		sum += x.weight[n]
	}
	return sum
}

// issues are those of a record that are alike.
func (x *rarity) issues(r *records.Record) (alike []seen) {
	for _, note := range r.Notes {
		if note.Kind != records.Issues {
			continue
		}
		if score := x.score([]byte(note.Text)); score >= alikeFrom {
			alike = append(alike, seen{r, note, score})
		}
	}
	return alike
}

// score is how much of what is looked for a text has, or of the text what is
// looked for, by weight.
func (x *rarity) score(text []byte) (best float64) {
	has := make([]bool, len(x.words))
	shared := x.in(text)
	for _, n := range shared {
		has[n] = true
	}
	middling := x.sum(x.queries[0]) / float64(len(x.words)) // for the words that are not looked for
	whole := x.sum(shared) + float64(len(errorWords(text))-len(shared))*middling
	for _, query := range x.queries {
		both := slices.DeleteFunc(slices.Clone(query), func(n int) bool { return !has[n] })
		if len(query) > 1 && len(both) >= min(leastWords, len(query)) {
			best = max(best, x.sum(both)/min(x.sum(query), whole))
		}
	}
	return best
}

// errorWords numbers the words of a text.
func errorWords(text []byte) map[string]int {
	words := map[string]int{}
	eachWord(text, func(word []byte) {
		if _, ok := words[string(word)]; !ok {
			words[string(word)] = len(words)
		}
	})
	return words
}

// shortest is the length of the shortest word in bytes: "T" and "Z" of a time,
// and units, say nothing.
const shortest = 3

// eachWord gives the words of a text in lower case, without those that are a
// number, a time or an id.
func eachWord(text []byte, do func(word []byte)) {
	var word [64]byte
	for len(text) > 0 {
		n := runLength(text)
		if n == 0 {
			_, size := utf8.DecodeRune(text)
			text = text[size:]
			continue
		}
		run := text[:n]
		text = text[n:]
		if isID(run) {
			continue
		}
		for part := range bytes.FieldsFuncSeq(run, unicode.IsDigit) {
			if len(part) >= shortest && len(part) <= len(word) {
				do(lowered(word[:0], part))
			}
		}
	}
}

// runLength is the length in bytes of the letters and digits that a text begins
// with.
func runLength(text []byte) (n int) {
	for n < len(text) {
		if c := text[n]; c < utf8.RuneSelf {
			if c|0x20 < 'a' || c|0x20 > 'z' {
				if c < '0' || c > '9' {
					return n
				}
			}
			n++
			continue
		}
		r, size := utf8.DecodeRune(text[n:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return n
		}
		n += size
	}
	return n
}

// lowered appends a word in lower case.
func lowered(to, word []byte) []byte {
	for i, c := range word {
		switch {
		case c >= utf8.RuneSelf:
			return append(to, bytes.ToLower(word[i:])...)
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}

// isID tells a number and a hexadecimal id from a word.
func isID(run []byte) bool {
	digits := 0
	for _, c := range bytes.TrimPrefix(run, []byte("0x")) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 < 'a' || c|0x20 > 'f':
			return false
		}
	}
	return digits > 0
}

// helped is a label under which people write down what helped, and that.
var helped = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:resolution|resolved by|fix|fixed by|solution|workaround|what helped)\W{0,3}:\s*(.*)`)

// resolution is what helped, "" where nobody wrote it down under such a label.
func (s seen) resolution() string {
	if issue := s.note.Issue; issue != nil {
		for _, label := range []string{"Resolution", "Fix", "Solution", "Workaround"} {
			if text := issue.Field(label); text != "" {
				return text
			}
		}
		return ""
	}
	if m := helped.FindStringSubmatch(s.note.Text); m != nil {
		return m[1]
	}
	return ""
}

// what is the issue in a few words.
func (s seen) what() string {
	if s.note.Issue != nil && s.note.Issue.Title != "" {
		return s.note.Issue.Title
	}
	return s.note.Text
}
