// Package recall tells whether an error was seen before: whether a record had
// the like of a message or a log, and what helped then.
//
//	e := recall.Of("2026-02-01 ERROR: canceling statement due to lock timeout (pid 4711)")
//	match, ok := e.In(blocks, []string{"scores-api", "production"})
//	fmt.Println(match.Likeness, match.Line, match.Remedy)
//
// There is one measure of likeness. It compares words of lines, not of records: a
// log has a hundred lines, and one of them is the error. What a word tells does
// not depend on the history, so every search says the same of the same two
// texts. A search has only to choose which records it compares: package files
// does it by the bytes of the files, package search by its index.
//
// search-engine.js does the same in the browser, with [Lists]; tests hold the
// two to the same results.
package recall

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// What of an error is looked at.
const (
	maxError = 1 << 20 // bytes
	maxLines = 40      // those that complain before others
	maxLine  = 1000    // characters
	maxWords = 24      // that are looked up
	maxWord  = 64      // characters; longer ones are data
)

const (
	complaint = `error|fail|fatal|exception|panic|denied|refused|timed? ?out|cannot|could not|unable|invalid|missing|required|unexpected|abort|killed`
	border    = `[.。;!?] +|。|["“”„«»「」『』]` // of sentences and quotations
	frame     = `^(?:at .*[(:]|File ")`    // of a stack: most are the same for many errors
)

var (
	complaints = text.Pattern("(?i)" + complaint)
	borders    = text.Pattern(border)
	frames     = text.Pattern(frame)
)

// Complains tells whether a line says that something went wrong.
func Complains(line string) bool { return complaints().MatchString(line) }

// Lists are the words and expressions that the measure works with, for its twin
// in the browser.
var Lists = map[string]string{
	"anyLog": oneLine(anyLogList), "many": oneLine(manyList), "dense": dense, "runs": run, "data": data, "complaint": complaint, "border": border, "frame": frame,
	"remedy": remedyPattern, "heading": remedyHeading, "none": noRemedy,
}

func oneLine(list string) string { return strings.Join(strings.Fields(list), " ") }

// An Error is a message or a log, taken apart into units.
type Error struct {
	Words []string // to look up: those that tell most come first

	units []unit
	need  int // what two units must share
}

// Of takes an error apart.
func Of(text string) *Error {
	e := &Error{}
	told, rank := map[string]int{}, map[string]int{}
	lines := worst(text)
	for i, line := range lines {
		bonus := 0
		if Complains(line) {
			bonus = mostTold
		}
		for _, u := range units(lines, i) {
			e.units = append(e.units, u)
			for word, weight := range u.words {
				told[word] = max(told[word], weight)
				rank[word] = max(rank[word], weight+bonus)
			}
		}
	}
	all := slices.Collect(maps.Keys(told))
	for _, word := range all {
		e.need += told[word]
	}
	e.need = min(e.need, leastShared)
	e.Words = slices.DeleteFunc(slices.Clone(all), func(word string) bool { return told[word] <= ofAnyLog })
	if len(e.Words) == 0 {
		e.Words = all
	}
	slices.SortFunc(e.Words, func(a, b string) int { return cmp.Or(rank[b]-rank[a], strings.Compare(a, b)) })
	e.Words = e.Words[:min(maxWords, len(e.Words))]
	return e
}

// worst are the lines of an error: of a long one those that complain.
func worst(log string) (lines []string) {
	log = strings.ToValidUTF8(log[:min(len(log), maxError)], "\ufffd")
	left, room := maxLines, maxLines // for those that complain, and for others
	for line := range strings.Lines(log) {
		if line = text.First(strings.TrimSpace(line), maxLine); line != "" {
			lines = append(lines, line)
			if Complains(line) {
				room--
			}
		}
	}
	return slices.DeleteFunc(lines, func(line string) bool {
		count := &room
		if Complains(line) {
			count = &left
		}
		*count--
		return *count < 0
	})
}

// A unit is what is compared as one: a line, two lines, or a piece of a line.
type unit struct {
	words map[string]int // with what they tell
	piece bool
}

// units are those that begin with a line: itself, up to where it says what helped;
// with the next, since programs and terminals wrap lines; and its pieces, since
// logs and people put a message into sentences of their own.
func units(lines []string, i int) (all []unit) {
	if frames().MatchString(lines[i]) {
		return nil
	}
	line := withoutRemedy(lines[i])
	all = append(all, unit{wordsOf(line), false})
	if i+1 < len(lines) {
		all = append(all, unit{wordsOf(line + " " + withoutRemedy(lines[i+1])), false})
	}
	if pieces := borders().Split(line, -1); len(pieces) > 1 {
		for _, piece := range pieces {
			all = append(all, unit{wordsOf(piece), true})
		}
	}
	return all
}

// The measure, in what words tell and in thousandths.
const (
	leastShared  = 10  // two units must share; of a shorter error, all of it
	leastOfPiece = 18  // two units must share where one is a piece of a line
	doubt        = 12  // that counts against two texts that are not the same
	known        = 350 // from here on it is the same error
)

// likeness is how much two units are alike, 0 to 1000. What the shorter one has
// alone counts in full. What the longer one has alone counts an eighth: logs put a
// time, a host or a request around a message. Names tell as little as data.
func likeness(u, v unit, need int, names map[string]int) int {
	told := func(u unit, word string) int {
		if names[word] > 0 {
			return ofData
		}
		return u.words[word]
	}
	a, b, shared := 0, 0, 0
	for word := range u.words {
		if v.words[word] > 0 {
			shared += told(u, word) + told(v, word)
		} else {
			a += told(u, word)
		}
	}
	for word := range v.words {
		if u.words[word] == 0 {
			b += told(v, word)
		}
	}
	if u.piece || v.piece {
		need = leastOfPiece
	}
	if shared == 0 || shared < 2*need {
		return 0
	}
	return 4000 * shared / (4*shared + 8*min(a, b) + max(a, b) + 8*min(doubt, a+b))
}

// A Block is what belongs together in a record: a note, a step that failed, or
// what is between them. Text of the checklist is in none.
type Block struct {
	Issue bool
	Lines []string
}

// A Match is the place in a record that is most like an error.
type Match struct {
	Likeness int // thousandths
	Block    int
	Line     string
	Remedy   string // what helped, in the record's words; "" where it does not say so
}

// Rank is what matches are sorted by, descending: likeness, which counts double
// where the record says what helped.
func (m Match) Rank() int {
	if m.Remedy != "" {
		return 2 * m.Likeness
	}
	return m.Likeness
}

// In looks for the error in a record. names are those of its services and its
// environment, which tell little. ok is false where the record did not have it.
func (e *Error) In(blocks []Block, names []string) (best Match, ok bool) {
	less := wordsOf(strings.Join(names, " "))
	var issues []Block
	for i, b := range blocks {
		if b.Issue {
			issues = append(issues, b)
		}
		if m := e.inBlock(b, less); m.Likeness >= known && m.Rank() > best.Rank() {
			best, ok = m, true
			best.Block = i
		}
	}
	if ok && best.Remedy == "" && !blocks[best.Block].Issue && len(issues) == 1 { // of several nobody knows which is meant
		best.Remedy = remedyIn(issues[0].Lines, 0)
	}
	return best, ok
}

func (e *Error) inBlock(b Block, names map[string]int) (best Match) {
	from := 0
	for i, line := range b.Lines {
		if !e.touches(line) && (i+1 == len(b.Lines) || !e.touches(b.Lines[i+1])) {
			continue
		}
		for _, v := range units(b.Lines, i) {
			for _, u := range e.units {
				if like := likeness(u, v, e.need, names); like > best.Likeness {
					best, from = Match{Likeness: like, Line: line}, i
				}
			}
		}
	}
	if best.Likeness >= known {
		best.Remedy = remedyIn(b.Lines, from)
	}
	return best
}

// touches tells whether a line has a word that is looked up.
func (e *Error) touches(line string) bool {
	line = strings.ToLower(line)
	return slices.ContainsFunc(e.Words, func(word string) bool { return strings.Contains(line, word) })
}
