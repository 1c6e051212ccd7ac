package ledger

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Pair is two notes, by their places in [Mentions], that may tell the same.
type Pair struct{ A, B int }

// The measure: how much of what two notes tell is in both. Their words count by how
// rare they are in the history and by how much a word of that kind tells; so do the
// sequences of three to five characters in them, which join forms of a word and
// compounds. No likeness makes up for contrary sense; see [contrary].
const (
	alikeFrom  = 0.64 // of at most 1
	ofWords    = 0.55 // how much words count, against characters
	leastWords = 2    // that two notes must share
	leastTold  = 14   // by the words that they share, each at most mostTold
	promising  = 0.45 // likeness by words alone, from which on characters are compared
)

// What bounds the work for one note. It is reached only where very many notes are made
// of very few words, as in generated histories.
const (
	rarest      = 10  // keys of a note by which others are found: words, and as many sequences
	mostHolders = 100 // notes that have a key; by more none is found
	mostFound   = 300 // notes that are found by keys, the rarest first
	mostTried   = 40  // notes that one is compared with
	mostAlike   = 8   // notes that one may be the same as
	mostText    = 600 // characters of a note that are compared
)

// normals are the texts of notes as they are joined.
func normals(mentions []Mention) []string {
	all := make([]string, len(mentions))
	inParts(len(all), func(from, to int) {
		for i := from; i < to; i++ {
			all[i] = Normal(withoutState(mentions[i].Note.Text))
		}
	})
	return all
}

// withoutState takes off what a note says of its state: "✅ Done: purge the cache" tells the
// same as the open one. In the cells of a row a mark stands before the word; where a list has
// one, the text is without it.
func withoutState(s string) string {
	parts := strings.Split(s, " · ")
	for i, part := range parts {
		_, marked, _ := records.ParseMark(part)
		word, rest := part[marked:], ""
		if end := strings.IndexAny(word, ":："); end > 0 {
			word, rest = word[:end], word[end:]
		}
		if status, ok := records.ParseStatus(word); ok && (marked > 0 || rest != "" && status == records.Succeeded) {
			parts[i] = rest
		}
	}
	return cmp.Or(strings.Join(slices.DeleteFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" }), " · "), s)
}

// alike finds the notes that may tell the same, other than those in the same words. Of
// notes in the same words only the first is in a pair; what went well is in none.
//
// Comparing each with each would take hours in a long history. Those are compared that
// share one of the rarest few of their words, or of the characters of those.
func alike(mentions []Mention, normals []string) []Pair {
	c := newCorpus(mentions, normals)
	found := make([][]Pair, (len(c.notes)+63)/64)
	tallies := sync.Pool{New: func() any { return &tally{shared: make([]uint8, len(c.notes))} }}
	parallel.Each(len(found), func(part int) {
		t := tallies.Get().(*tally)
		defer tallies.Put(t)
		for i := part * 64; i < min((part+1)*64, len(c.notes)); i++ {
			for _, j := range c.alike(int32(i), t) {
				found[part] = append(found[part], Pair{c.notes[i].at, c.notes[j].at})
			}
		}
	})
	return append([]Pair{}, slices.Concat(found...)...)
}

// A corpus is all notes as they are compared.
type corpus struct {
	notes    []*wording
	services map[string]bool
	seqs     []uint32           // how many notes have a sequence of characters, by its hash
	weights  []float32          // what a sequence weighs, by how many notes have it
	holders  map[uint64][]int32 // the notes that have a key, oldest place first
}

// A wording is a note as it is compared.
type wording struct {
	at    int // its place among the mentions
	text  string
	words []weighed // by their hashes, each once
	seqs  []uint32  // sequences of characters, by their hashes, each once
	keys  []uint64  // by which others are found, the rarest first
	told  float64   // by all its words
	spelt float64   // by all its sequences

	sense atomic.Pointer[polarity] // read when it is asked for
}

type weighed struct {
	hash   uint64
	told   uint8
	weight float32
}

// hashed is the same in each build.
func hashed(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func newCorpus(mentions []Mention, normals []string) *corpus {
	c := &corpus{services: map[string]bool{}, seqs: make([]uint32, 1<<20), holders: map[uint64][]int32{}}
	known, seen := map[string]bool{}, map[*records.Record]bool{}
	for i, m := range mentions {
		if !seen[m.Record] {
			seen[m.Record] = true
			for _, s := range m.Record.Services {
				c.services[fold(s.Value)] = true
			}
		}
		if m.Note.Kind != records.Well && !known[normals[i]] {
			known[normals[i]] = true
			c.notes = append(c.notes, &wording{at: i, text: compared(m.Note)})
		}
	}
	c.read()
	return c
}

// compared is what of a note is compared: of an issue its title, where that says
// something.
func compared(n *records.Note) string {
	s := n.Text
	if n.Issue != nil && len(terms(nil, tokens(nil, n.Issue.Title))) > leastWords {
		s = n.Issue.Title
	}
	return text.First(s, mostText)
}

// read takes the notes apart, weighs their words, and lists who has the rarest.
func (c *corpus) read() {
	var mu sync.Mutex
	count := map[uint64]int32{}
	inParts(len(c.notes), func(from, to int) {
		part := map[uint64]int32{}
		var read []token // these are used again for the next note
		var all []string
		var words []weighed
		var seqs []uint32
		for _, n := range c.notes[from:to] {
			read = tokens(read[:0], n.text)
			all = terms(all[:0], read)
			words, seqs = wordsOf(words[:0], all), sequences(seqs[:0], all, uint32(len(c.seqs)))
			n.words, n.seqs = slices.Clone(words), slices.Clone(seqs)
			for _, w := range n.words {
				part[w.hash]++
			}
			for _, s := range n.seqs {
				atomic.AddUint32(&c.seqs[s], 1)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for w, n := range part {
			count[w] += n
		}
	})
	for n := range 1 << 10 {
		c.weights = append(c.weights, float32(c.rarity(float64(n))))
	}
	inParts(len(c.notes), func(from, to int) {
		for _, n := range c.notes[from:to] {
			for k := range n.words {
				w := &n.words[k]
				w.weight = float32(float64(w.told) * c.rarity(float64(count[w.hash])))
				n.told += float64(w.weight)
			}
			n.spelt = c.spelt(n.seqs)
			n.keys = c.keys(n, count)
		}
	})
	for i, n := range c.notes {
		for _, k := range n.keys {
			c.holders[k] = append(c.holders[k], int32(i))
		}
	}
}

// inParts does something for each part of a list, on all processors.
func inParts(n int, do func(from, to int)) {
	const each = 1024
	parallel.Each((n+each-1)/each, func(part int) { do(part*each, min((part+1)*each, n)) })
}

// rarity is how much more something tells because few notes have it.
func (c *corpus) rarity(holders float64) float64 {
	return math.Log2(1 + (float64(len(c.notes))+100)/(holders+2))
}

// wordsOf are the words of a note, each once. It takes the place of what words holds.
func wordsOf(words []weighed, all []string) []weighed {
	for _, w := range all {
		words = append(words, weighed{hash: hashed(w), told: uint8(recall.Told(w))})
	}
	slices.SortFunc(words, func(a, b weighed) int { return cmp.Compare(a.hash, b.hash) })
	return slices.CompactFunc(words, func(a, b weighed) bool { return a.hash == b.hash })
}

// sequences are the hashes, below size, of the sequences of three to five characters in
// words, each once. Words of few characters, as in Chinese, are one themselves. They take the
// place of what seqs holds.
func sequences(seqs []uint32, all []string, size uint32) []uint32 {
	var chars []rune
	for _, w := range all {
		chars = append(append(append(chars[:0], ' '), []rune(w)...), ' ')
		for i := range chars {
			h := uint64(14695981039346656037)
			for n, r := range chars[i:min(i+5, len(chars))] {
				h = (h ^ uint64(r)) * 1099511628211
				if n >= 2 && (len(chars) > 4 || i == 0 && n == len(chars)-1) {
					seqs = append(seqs, uint32(h>>20)%size)
				}
			}
		}
	}
	slices.Sort(seqs)
	return slices.Compact(seqs)
}

// spelt is what sequences weigh.
func (c *corpus) spelt(seqs []uint32) (sum float64) {
	for _, s := range seqs {
		sum += float64(c.weight(s))
	}
	return sum
}

func (c *corpus) weight(seq uint32) float32 {
	return c.weights[min(int(c.seqs[seq]), len(c.weights)-1)]
}

// keys are the rarest words of a note that other notes have too, and the rarest
// sequences of characters.
func (c *corpus) keys(n *wording, count map[uint64]int32) (keys []uint64) {
	type key struct {
		hash  uint64
		count int32
	}
	var words, seqs []key
	for _, w := range n.words {
		if k := count[w.hash]; k > 1 && k <= mostHolders && w.told > 1 {
			words = append(words, key{w.hash, k})
		}
	}
	for _, s := range n.seqs {
		if k := int32(c.seqs[s]); k > 1 && k <= mostHolders {
			seqs = append(seqs, key{uint64(s), k})
		}
	}
	rare := func(a, b key) int { return cmp.Or(cmp.Compare(a.count, b.count), cmp.Compare(a.hash, b.hash)) }
	slices.SortFunc(words, rare)
	slices.SortFunc(seqs, rare)
	all := slices.Concat(words[:min(rarest, len(words))], seqs[:min(rarest, len(seqs))])
	slices.SortFunc(all, rare)
	for _, k := range all {
		keys = append(keys, k.hash)
	}
	return keys
}

// A tally counts the keys that notes share with one. It is used for one after another.
type tally struct {
	shared []uint8 // by note
	found  []int32 // the notes that share any
}

// count finds the later notes that share keys with one, those with the most first.
func (t *tally) count(c *corpus, i int32) []int32 {
	for _, j := range t.found {
		t.shared[j] = 0
	}
	t.found = t.found[:0]
	for _, k := range c.notes[i].keys {
		for _, j := range c.holders[k] {
			switch {
			case j <= i:
				continue
			case t.shared[j] > 0:
			case len(t.found) < mostFound:
				t.found = append(t.found, j)
			default:
				continue
			}
			t.shared[j]++
		}
	}
	slices.SortFunc(t.found, func(a, b int32) int { return cmp.Or(int(t.shared[b])-int(t.shared[a]), int(a-b)) })
	return t.found
}

// alike are the later notes that may tell the same as one, the most alike first.
func (c *corpus) alike(i int32, t *tally) (found []int32) {
	shared, likeness := t.count(c, i), map[int32]float64{}
	for _, j := range shared[:min(mostTried, len(shared))] {
		if l := c.likeness(c.notes[i], c.notes[j]); l >= alikeFrom {
			likeness[j] = l
			found = append(found, j)
		}
	}
	slices.SortStableFunc(found, func(a, b int32) int { return cmp.Or(cmp.Compare(likeness[b], likeness[a]), cmp.Compare(a, b)) })
	return found[:min(mostAlike, len(found))]
}

// likeness is how much two notes are alike, 0 to 1; 0 where they say contrary things.
func (c *corpus) likeness(a, b *wording) float64 {
	words, n, told := sharedWords(a, b)
	if n < leastWords || told < leastTold {
		return 0
	}
	byWords := overlap(words, a.told, b.told)
	if byWords < promising {
		return 0
	}
	like := ofWords*byWords + (1-ofWords)*c.byCharacters(a, b)
	if like < alikeFrom || contrary(c.sense(a), c.sense(b)) {
		return 0
	}
	return like
}

// overlap is the share of both that is shared, half of it the share of the smaller one:
// people add what happened otherwise.
func overlap(shared, a, b float64) float64 {
	if shared == 0 {
		return 0
	}
	return 0.5*(2*shared/(a+b)) + 0.5*shared/min(a, b)
}

func sharedWords(a, b *wording) (weight float64, n, told int) {
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch cmp.Compare(a.words[i].hash, b.words[j].hash) {
		case -1:
			i++
		case 1:
			j++
		default:
			weight += float64(a.words[i].weight)
			told += int(a.words[i].told)
			if a.words[i].told > 1 {
				n++
			}
			i, j = i+1, j+1
		}
	}
	return weight, n, told
}

func (c *corpus) byCharacters(a, b *wording) float64 {
	var both float64
	for i, j := 0, 0; i < len(a.seqs) && j < len(b.seqs); {
		switch cmp.Compare(a.seqs[i], b.seqs[j]) {
		case -1:
			i++
		case 1:
			j++
		default:
			both += float64(c.weight(a.seqs[i]))
			i, j = i+1, j+1
		}
	}
	return overlap(both, a.spelt, b.spelt)
}

// sense is what turns a note around.
func (c *corpus) sense(n *wording) *polarity {
	if p := n.sense.Load(); p != nil {
		return p
	}
	p := polarityOf(n.text, c.services)
	n.sense.Store(&p)
	return &p
}
