package search

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Seen are the records that are most like an error.
type Seen struct {
	Normalised string // the error without what differs each time, in one line
	Results    []SeenResult
}

// A SeenResult is a record, or the note or step of it, that had the like.
type SeenResult struct {
	Result
	Likeness   float64 // 0 to 1
	Resolution string  // what helped, in the record's words; "" where it does not say so

	document, thousandths int
}

// What of an error is looked at.
const (
	maxError      = 20_000 // characters
	maxErrorLines = 40
	maxErrorTerms = 24
	maxCandidates = 12
	minLikeness   = 200 // thousandths
	unknownWeight = 64  // of a word of a record that is not in the error
)

var (
	alarm     = regexp.MustCompile(`(?i)error|fail|fatal|exception|panic|denied|refused|timed? ?out|cannot|could not|unable|invalid|missing|required|unexpected|abort|killed`)
	remedies  = regexp.MustCompile(`(?is)(?:^|[^\p{L}])(?:resolution|resolved|fix|fixed|solution|solved|workaround|remedy|mitigation)(?: by| with|:) *(.+)$`)
	timestamp = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?`)
	wildcards = regexp.MustCompile(`#(?:[.:,/-]*#)+`)
	hexWord   = regexp.MustCompile(`^[a-f]{8,}$`)
)

// An errorLine is one of an error's.
type errorLine struct {
	text  string
	terms []string
	alarm bool // it says that something went wrong
	sum   int  // the weight of its terms
}

// Similar finds what is most like an error message or log. Numbers, times,
// addresses and ids in it do not matter. n is how many results to give; 0 means 5.
func (ix *Index) Similar(ctx context.Context, text string, n int) (Seen, error) {
	lines := errorLines(text)
	seen := Seen{Normalised: normalised(lines)}
	weights, sums, err := ix.weigh(lines)
	if err != nil {
		return seen, err
	}
	var documents []int
	for d := range ix.m.Records {
		if sums[d] > 0 {
			documents = append(documents, d)
		}
	}
	for i := range lines {
		lines[i].sum = sumOf(lines[i].terms, weights)
	}
	for _, d := range ix.best(documents, sums, maxCandidates) {
		r, err := ix.likeness(d, lines, weights)
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return seen, err
		}
		if r.thousandths >= minLikeness {
			seen.Results = append(seen.Results, r)
		}
	}
	slices.SortFunc(seen.Results, func(a, b SeenResult) int {
		return cmp.Or(b.thousandths-a.thousandths, b.document-a.document)
	})
	if n == 0 {
		n = 5
	}
	seen.Results = seen.Results[:min(n, len(seen.Results))]
	return seen, nil
}

func errorLines(text string) (lines []errorLine) {
	text = cutRunes(strings.ToValidUTF8(text, "\ufffd"), maxError)
	count := 0
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.Trim(blanks.ReplaceAllString(l, " "), " "); l == "" {
			continue
		}
		if count++; count > maxErrorLines {
			break
		}
		if terms := constant(l); len(terms) > 0 {
			lines = append(lines, errorLine{text: l, terms: terms, alarm: alarm.MatchString(l)})
		}
	}
	return lines
}

// constant are the terms of a line that are the same each time: no numbers, and
// so no times, addresses, ids and hashes.
func constant(text string) (all []string) {
	eachWord(text, func(w word) {
		for _, t := range w.terms {
			if utf16Len(t) > 1 && !hasNumber(t) && !hexWord.MatchString(t) && !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	})
	return all
}

func hasNumber(s string) bool { return strings.IndexFunc(s, unicode.IsNumber) >= 0 }

func utf16Len(s string) (n int) {
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// normalised is the line that tells the error, without what differs each time.
func normalised(lines []errorLine) string {
	if len(lines) == 0 {
		return ""
	}
	i := max(0, slices.IndexFunc(lines, func(l errorLine) bool { return l.alarm }))
	text := timestamp.ReplaceAllString(lines[i].text, "0")
	var b strings.Builder
	at := 0
	eachWord(text, func(w word) {
		b.WriteString(text[at:max(at, w.start)])
		if hasNumber(w.terms[0]) {
			b.WriteByte('#')
		} else {
			b.WriteString(text[w.start:w.end])
		}
		at = w.end
	})
	b.WriteString(text[at:])
	return cutRunes(wildcards.ReplaceAllString(b.String(), "#"), 300)
}

// telling picks the terms that are looked up: those of lines that raise an
// alarm first, and of them the long ones.
func telling(lines []errorLine) []string {
	score := map[string]int{}
	var terms []string
	for _, l := range lines {
		for _, t := range l.terms {
			s := min(12, utf16Len(t))
			if l.alarm {
				s += 8
			}
			if score[t] == 0 {
				terms = append(terms, t)
			}
			score[t] = max(score[t], s)
		}
	}
	slices.SortFunc(terms, func(a, b string) int { return cmp.Or(score[b]-score[a], strings.Compare(a, b)) })
	return terms[:min(maxErrorTerms, len(terms))]
}

// weigh looks the terms of an error up: the weight of each that some record
// has, and by document the sum of those it has.
func (ix *Index) weigh(lines []errorLine) (weights map[string]int, sums []int, err error) {
	weights, sums = map[string]int{}, make([]int, ix.size)
	for _, t := range telling(lines) {
		list, err := ix.exact(t)
		if err != nil {
			return nil, nil, err
		}
		if list == nil {
			continue
		}
		weight := ix.weight(tally(make([]bool, ix.size), []fit{{list: list}}))
		weights[t] = weight
		for _, p := range list {
			if p.level > 0 && int(p.document) < ix.m.Records {
				sums[p.document] += weight * (4 + int(p.notes&inIssue))
			}
		}
	}
	return weights, sums, nil
}

func sumOf(terms []string, weights map[string]int) (sum int) {
	for _, t := range terms {
		sum += cmp.Or(weights[t], unknownWeight)
	}
	return sum
}

// likeness compares the lines of a record with those of an error, and tells
// what helped.
func (ix *Index) likeness(d int, lines []errorLine, weights map[string]int) (SeenResult, error) {
	doc, err := ix.document(d)
	if err != nil {
		return SeenResult{}, err
	}
	r, err := ix.result(d, 0, nil, nil)
	out := SeenResult{Result: r, document: d}
	out.Notes = nil
	var text string
	var at *shownBlock
	for i := range doc.blocks {
		for _, l := range doc.blocks[i].lines {
			if like := mostAlike(constant(l), lines, weights); like > out.thousandths {
				out.thousandths, text, at = like, l, &doc.blocks[i]
			}
		}
	}
	out.Likeness = float64(out.thousandths) / 1000
	if at == nil {
		return out, err
	}
	if kind, ok := noteKindOf(at.zone); ok {
		out.Kind = kind
	}
	if at.anchor != "" {
		out.URL += "#" + url.PathEscape(at.anchor)
	}
	known := &group{weight: 1}
	for t := range weights {
		known.terms = append(known.terms, t)
	}
	out.Excerpt = crop(text, newLine(Body, "", text, []*group{known}).marks)
	out.Resolution = remedy(at, doc.blocks)
	return out, err
}

// mostAlike is Dice's measure, by weight and in thousandths, of a line's terms
// and those of the line of the error that are most like it.
func mostAlike(have []string, lines []errorLine, weights map[string]int) (most int) {
	total := sumOf(have, weights)
	for _, l := range lines {
		both := 0
		for _, t := range have {
			if slices.Contains(l.terms, t) {
				both += cmp.Or(weights[t], unknownWeight)
			}
		}
		if both > 0 {
			most = max(most, 2000*both/(l.sum+total))
		}
	}
	return most
}

// remedy is what helped, where the block says so. A step that failed may leave
// that to the record's one issue; of several nobody knows which is meant.
func remedy(at *shownBlock, blocks []shownBlock) string {
	all := []shownBlock{*at}
	issues := slices.DeleteFunc(slices.Clone(blocks), func(b shownBlock) bool { return b.zone != Issue })
	if at.zone != Issue && len(issues) == 1 {
		all = append(all, issues[0])
	}
	for _, b := range all {
		for _, l := range b.lines {
			if m := remedies.FindStringSubmatch(l); m != nil {
				return m[1]
			}
		}
	}
	return ""
}
