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
	"regexp"
	"slices"
	"strings"
)

// What of an error is looked at.
const (
	maxError = 1 << 20 // bytes
	maxLines = 40      // those that complain before others
	maxLine  = 1000    // characters
	maxWords = 24      // that are looked up
)

const (
	complaint = `error|fail|fatal|exception|panic|denied|refused|timed? ?out|cannot|could not|unable|invalid|missing|required|unexpected|abort|killed`
	border    = `[.。;!?] +|。|["“”„«»「」『』]` // of sentences and quotations
	frame     = `^(?:at .*[(:]|File ")`    // of a stack: most are the same for many errors
)

var (
	complaints = regexp.MustCompile("(?i)" + complaint)
	borders    = regexp.MustCompile(border)
	frames     = regexp.MustCompile(frame)
)

// Complains tells whether a line says that something went wrong.
func Complains(line string) bool { return complaints.MatchString(line) }

// Lists are the words and expressions that the measure works with, for its twin
// in the browser.
var Lists = map[string]string{
	"anyLog": oneLine(anyLogList), "many": oneLine(manyList), "data": data, "complaint": complaint, "border": border, "frame": frame,
	"remedy": remedyPattern, "heading": remedyHeading, "none": noRemedy,
}

func oneLine(list string) string { return strings.Join(strings.Fields(list), " ") }

// An Error is a message or a log, taken apart into units.
type Error struct {
	Words []string // to look up: those that tell most come first

	numbers map[string]int   // of Words
	pieces  []bool           // of each unit, whether it is a piece of a line
	totals  []int            // of each unit, what its words tell
	uses    map[string][]use // of each word, where it is
	need    int              // how much a unit and a line must share
}

// A use is a word in a unit of an error.
type use struct{ unit, weight int }

// Of takes an error apart.
func Of(text string) *Error {
	e := &Error{numbers: map[string]int{}, uses: map[string][]use{}}
	lines := worst(text)
	told, rank := map[string]int{}, map[string]int{}
	var all []unit
	for i := range lines {
		all = append(all, units(lines, i)...)
	}
	for _, unit := range all {
		bonus := 0
		if Complains(unit.text) {
			bonus = mostTold
		}
		total := 0
		for word, weight := range wordsOf(unit.text) {
			e.uses[word] = append(e.uses[word], use{len(e.totals), weight})
			total += weight
			told[word] = max(told[word], weight)
			rank[word] = max(rank[word], weight+bonus)
		}
		e.totals = append(e.totals, total)
		e.pieces = append(e.pieces, unit.piece)
	}
	for word, weight := range told {
		e.need += weight
		e.Words = append(e.Words, word)
	}
	e.need = min(e.need, leastShared)
	slices.SortFunc(e.Words, func(a, b string) int { return cmp.Or(rank[b]-rank[a], strings.Compare(a, b)) })
	e.Words = e.Words[:min(maxWords, len(e.Words))]
	for i, word := range e.Words {
		e.numbers[word] = i
	}
	return e
}

// WordsIn gives those of e.Words that a text has, by their numbers.
func (e *Error) WordsIn(text []byte) (found []int) {
	has := make([]bool, len(e.Words))
	eachWord(text, func(word []byte, _ int) {
		if n, ok := e.numbers[string(word)]; ok && !has[n] {
			has[n] = true
			found = append(found, n)
		}
	})
	return found
}

// worst are the lines of an error: of a long one those that complain.
func worst(text string) (lines []string) {
	text = strings.ToValidUTF8(text[:min(len(text), maxError)], "\ufffd")
	left, room := maxLines, maxLines // for those that complain, and for others
	for line := range strings.Lines(text) {
		if line = cut(strings.TrimSpace(line)); line != "" {
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

func cut(line string) string {
	n := 0
	for i := range line {
		if n == maxLine {
			return line[:i]
		}
		n++
	}
	return line
}

// A unit is what is compared as one: a line, a pair of lines, or a piece of one.
type unit struct {
	text  string
	piece bool
}

// units are those that begin with a line: itself, up to where it says what helped;
// with the next, since programs and terminals wrap lines; and its pieces, since
// logs and people put a message into sentences of their own.
func units(lines []string, i int) []unit {
	if frames.MatchString(lines[i]) {
		return nil
	}
	line := withoutRemedy(lines[i])
	all := []unit{{line, false}}
	if i+1 < len(lines) {
		all = append(all, unit{line + " " + withoutRemedy(lines[i+1]), false})
	}
	if pieces := borders.Split(line, -1); len(pieces) > 1 {
		for _, piece := range pieces {
			all = append(all, unit{piece, true})
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

// likeness is how much the words of a unit of a record are like the error, 0 to
// 1000, by the unit of the error that is most like it. What the shorter text has alone counts in
// full. What the longer one has alone counts an eighth: logs put a time, a host
// or a request around a message.
func (e *Error) likeness(words map[string]int, piece bool, names []string) (most int) {
	shared, theirs, ours := make([]int, len(e.totals)), make([]int, len(e.totals)), slices.Clone(e.totals)
	for _, name := range names {
		for _, u := range e.uses[name] {
			ours[u.unit] -= u.weight - ofData
		}
	}
	total := 0
	for word, weight := range words {
		isName := slices.Contains(names, word)
		if isName {
			weight = ofData
		}
		total += weight
		for _, u := range e.uses[word] {
			if isName {
				u.weight = ofData
			}
			shared[u.unit] += weight + u.weight
			theirs[u.unit] += weight
			ours[u.unit] -= u.weight
		}
	}
	for i, twice := range shared {
		need := e.need
		if piece || e.pieces[i] {
			need = leastOfPiece
		}
		if twice == 0 || twice < 2*need {
			continue
		}
		a, b := ours[i], total-theirs[i]
		most = max(most, 4000*twice/(4*twice+8*min(a, b)+max(a, b)+8*min(doubt, a+b)))
	}
	return most
}

// A Block is what belongs together in a record: a note, a step that failed, or
// what is between them.
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

// Rank is what matches are sorted by, descending: likeness, which counts half as
// much again where the record says what helped.
func (m Match) Rank() int {
	if m.Remedy != "" {
		return 3 * m.Likeness
	}
	return 2 * m.Likeness
}

// In looks for the error in a record. names are those of its services and its
// environment, which tell little. ok is false where the record did not have it.
func (e *Error) In(blocks []Block, names []string) (best Match, ok bool) {
	var words []string
	for word := range wordsOf(strings.Join(names, " ")) {
		words = append(words, word)
	}
	var found []Match
	for i, b := range blocks {
		if m := e.inBlock(b, words); m.Likeness >= known {
			m.Block = i
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return best, false
	}
	best = slices.MaxFunc(found, func(a, b Match) int { return a.Rank() - b.Rank() })
	if best.Remedy == "" && !blocks[best.Block].Issue {
		best.Remedy = onlyRemedy(blocks)
	}
	return best, true
}

func (e *Error) inBlock(b Block, names []string) (best Match) {
	from := 0
	for i := range b.Lines {
		if !e.touches(b.Lines[i]) && (i+1 == len(b.Lines) || !e.touches(b.Lines[i+1])) {
			continue
		}
		for _, u := range units(b.Lines, i) {
			if like := e.likeness(wordsOf(u.text), u.piece, names); like > best.Likeness {
				best, from = Match{Likeness: like, Line: b.Lines[i]}, i
			}
		}
	}
	if best.Likeness >= known {
		best.Remedy = remedyIn(b.Lines, from)
	}
	return best
}

// touches tells whether a line has a word of the error that not any log has.
func (e *Error) touches(line string) (yes bool) {
	eachWord([]byte(line), func(word []byte, _ int) {
		yes = yes || e.uses[string(word)] != nil && listed[string(word)] != ofAnyLog
	})
	return yes
}

// onlyRemedy is that of a record's one issue; of several nobody knows which is
// meant.
func onlyRemedy(blocks []Block) string {
	issues := slices.DeleteFunc(slices.Clone(blocks), func(b Block) bool { return !b.Issue })
	if len(issues) != 1 {
		return ""
	}
	return remedyIn(issues[0].Lines, 0)
}
