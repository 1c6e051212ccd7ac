package ledger

import (
	"maps"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/recall"
)

// A polarity is what turns a sentence into its contrary, or makes another of it.
type polarity struct {
	negations int
	negated   map[string]bool              // terms, whether their clause is negated
	sides     map[int]int                  // the poles of opposites that it names, by axis: bits
	poles     map[int][]place              // the same, with where they stand
	terms     []place                      // all of them, in order
	words     map[string]bool              // as written
	numbers   []string                     // with their units, in order
	names     map[string]bool              // of services, and what is written like a name: lock_timeout
	about     map[string][]map[string]bool // of each word that leads or trails, the terms it tells about
	rest      map[string][]map[string]bool // and the others
}

// A place is something in a text: a term, or a pole, and where it stands.
type place struct {
	term     string
	pole, at int
}

// breach is how far apart two words are that stand in two clauses.
const breach = 20

// polarityOf reads a note. services are names of services, folded.
func polarityOf(s string, services map[string]bool) polarity {
	p := polarity{
		negated: map[string]bool{}, sides: map[int]int{}, poles: map[int][]place{}, words: map[string]bool{}, names: map[string]bool{},
		about: map[string][]map[string]bool{}, rest: map[string][]map[string]bool{},
	}
	folded := strings.ReplaceAll(fold(s), "’", "'")
	for _, r := range reminders {
		folded = strings.ReplaceAll(folded, r, " ")
	}
	all := expand(tokens(nil, folded))
	at, begin, odd := 0, 0, false
	for i, t := range all {
		at++
		if t.kind == clauseEnd || joints[t.text] {
			p.close(begin, odd)
			at, begin, odd = at+breach, len(p.terms), false
		}
		if n, ok := amount(all, i); ok {
			p.numbers = append(p.numbers, n)
		}
		if t.kind != word {
			continue
		}
		p.words[t.text] = true
		for _, s := range axes[t.text] {
			p.sides[s.axis] |= 1 << s.pole
			p.poles[s.axis] = append(p.poles[s.axis], place{pole: s.pole, at: at})
		}
		if services[t.text] || strings.Contains(t.text, "_") {
			p.names[t.text] = true
		}
		switch {
		case negators[t.text] || isUnable(t.text):
			p.negations++
			odd = !odd
		case t.dense || recall.Told(t.text) > 1:
			p.terms = append(p.terms, place{term: term(t.text), at: at})
		}
	}
	p.close(begin, odd)
	for name := range services {
		if strings.Contains(name, "-") && strings.Contains(folded, name) {
			p.names[name] = true
		}
	}
	p.turns(all)
	return p
}

// close says of the terms of a clause whether it is negated.
func (p *polarity) close(begin int, negated bool) {
	for _, t := range p.terms[begin:] {
		p.negated[t.term] = negated
	}
}

// isUnable reports whether a word negates by itself: "unreachable".
func isUnable(w string) bool {
	return (strings.HasSuffix(w, "able") || strings.HasSuffix(w, "ible")) && len(w) > 7 &&
		(strings.HasPrefix(w, "un") || strings.HasPrefix(w, "im") || strings.HasPrefix(w, "in") || strings.HasPrefix(w, "ir"))
}

// expand cuts runs without blanks into phrases of the lexicon, and single characters.
func expand(all []token) (out []token) {
	known := func(s string) bool {
		return negators[s] || axes[s] != nil || leads[s] || trails[s] || numerals[s] != "" || units[s].of != "" || canonical[s] != ""
	}
	for _, t := range all {
		if !t.dense {
			out = append(out, t)
			continue
		}
		for chars := []rune(t.text); len(chars) > 0; {
			n := min(longest, len(chars))
			for n > 1 && !plain[string(chars[:n])] && !known(string(chars[:n])) {
				n--
			}
			out = append(out, token{string(chars[:n]), true, word})
			chars = chars[n:]
		}
	}
	return out
}

// turns notes, of each word such as "before", which terms stand on which side of it.
func (p *polarity) turns(all []token) {
	for i, t := range all {
		if t.kind != word || !leads[t.text] && !trails[t.text] {
			continue
		}
		from, to := i, i+1
		for leads[t.text] && to < len(all) && all[to].kind != clauseEnd && !leads[all[to].text] && !ends[all[to].text] {
			to++
		}
		for trails[t.text] && t.dense && from > 0 && all[from-1].kind != clauseEnd {
			from--
		}
		about, rest := map[string]bool{}, map[string]bool{}
		for j, o := range all {
			switch {
			case o.kind != word || leads[o.text] || trails[o.text] || !o.dense && recall.Told(o.text) == 1:
			case j >= from && j < to:
				about[term(o.text)] = true
			default:
				rest[term(o.text)] = true
			}
		}
		p.about[t.text], p.rest[t.text] = append(p.about[t.text], about), append(p.rest[t.text], rest)
	}
}

// contrary reports whether two notes cannot be taken to tell the same, however alike
// their words are.
func contrary(p, q *polarity) bool {
	return p.negatesOther(q) || p.otherSide(q) || p.prefixed(q) || q.prefixed(p) ||
		unlike(p.numbers, q.numbers) || otherNames(p.names, q.names) || p.swaps(q) || p.swapsPoles(q)
}

// negatesOther reports whether one note negates what the other does not: one of them
// alone, or each something of the other, as in "drain it, do not restart it".
func (p *polarity) negatesOther(q *polarity) bool {
	alone := func(p, q *polarity) bool {
		for w, negated := range p.negated {
			if other, ok := q.negated[w]; ok && negated && !other {
				return true
			}
		}
		return false
	}
	ours, theirs := alone(p, q), alone(q, p)
	return ours && theirs || (ours || theirs) && (p.negations-q.negations)%2 != 0
}

// otherSide reports whether one names one side of opposites, and the other the other.
func (p *polarity) otherSide(q *polarity) bool {
	for axis, sides := range p.sides {
		if other, ok := q.sides[axis]; ok && other&sides == 0 {
			return true
		}
	}
	return false
}

// prefixed reports whether a word of one has a prefix in the other that turns it around.
func (p *polarity) prefixed(q *polarity) bool {
	for w := range p.words {
		for _, prefix := range []string{"un", "in", "im", "ir", "dis", "de", "non"} {
			if len(w) > 3 && q.words[prefix+w] && !p.words[prefix+w] {
				return true
			}
		}
	}
	return false
}

// unlike reports whether two notes count otherwise. Numbers that only one has say
// nothing.
func unlike(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.Equal(a, b)
}

func otherNames(a, b map[string]bool) bool { return len(a) > 0 && len(b) > 0 && !maps.Equal(a, b) }

// swaps reports whether what one tells about stands on the other side in the other:
// "from blue to green".
func (p *polarity) swaps(q *polarity) bool {
	for w := range p.about {
		for i := range p.about[w] {
			for j := range q.about[w] {
				if crossed(p.about[w][i], q.rest[w][j], q.about[w][j]) && crossed(q.about[w][j], p.rest[w][i], p.about[w][i]) {
					return true
				}
			}
		}
	}
	return false
}

// crossed reports whether some of the terms are among the rest and not among those told
// about.
func crossed(terms, rest, about map[string]bool) bool {
	for w := range terms {
		if rest[w] && !about[w] {
			return true
		}
	}
	return false
}

// swapsPoles reports whether two notes that name both of two opposites say of each what
// the other says of the other: "accounts first, gateway last".
func (p *polarity) swapsPoles(q *polarity) bool {
	for axis, sides := range p.sides {
		if sides != 3 || q.sides[axis] != 3 {
			continue
		}
		ours, theirs := p.nearest(axis), q.nearest(axis)
		var there, back bool
		for w, pole := range ours {
			if other, ok := theirs[w]; ok && other != pole {
				there, back = there || pole == 0, back || pole == 1
			}
		}
		if there && back {
			return true
		}
	}
	return false
}

// nearest is which of two poles stands nearest to each term.
func (p *polarity) nearest(axis int) map[string]int {
	poles := map[string]int{}
	for _, t := range p.terms {
		best := -1
		for _, pole := range p.poles[axis] {
			if d := max(t.at-pole.at, pole.at-t.at); d > 0 && (best < 0 || d < best) {
				best, poles[t.term] = d, pole.pole
			}
		}
	}
	return poles
}
