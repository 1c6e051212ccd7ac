package search

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"hash"
	"hash/fnv"
	"iter"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/text"
)

// Output is a finished index: the files that a browser loads as it needs them.
type Output struct {
	Manifest string // the path of the first of them; every page names it
	Files    []File
	keep     func([]byte) func() []byte
}

// A File is one script of the index. Its name changes with its content, so a
// browser may keep it for ever, and what a page loads belongs together.
type File struct {
	Path string
	Data func() []byte
}

// folder is where the index goes.
const folder = "search/"

// digestSize is how long a digest is.
const digestSize = 6

// digest is what a name tells of the content: thirty bits, in characters that
// every file system tells apart.
func digest(data ...[]byte) string {
	h := sha256.New()
	for _, d := range data {
		h.Write(d)
	}
	return digestOf(h)
}

func digestOf(h hash.Hash) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil))[:digestSize])
}

// appendScript begins a file that hands a value to the page that loaded it.
func appendScript(out []byte, path string) []byte {
	return append(appendString(append(out, "deploysiteShard("...), path), ',')
}

func endScript(out []byte) []byte { return append(out, ")\n"...) }

func (o *Output) add(path string, value []byte) {
	data := endScript(append(appendScript(make([]byte, 0, len(path)+len(value)+32), path), value...))
	get := func() []byte { return data }
	if o.keep != nil {
		get = o.keep(data)
	}
	o.Files = append(o.Files, File{path, get})
}

// addHashed adds a file that its kind and the digest of its content name.
func (o *Output) addHashed(kind string, value []byte) (hash string) {
	hash = digest(value)
	o.add(folder+kind+"-"+hash+".js", value)
	return hash
}

// manifest is what a reader must know to find everything else.
type manifest struct {
	Version  int               `json:"v"`
	Records  int               `json:"n"`
	Base     int               `json:"base"`
	Facets   [][]string        `json:"facets"` // the names of each; documents have the values of those that are kinds
	Kinds    []Kind            `json:"kinds"`
	Pages    []int             `json:"pages"` // how many of each kind, in the order of kinds
	Stemming bool              `json:"stem"`
	Shards   string            `json:"terms"`   // the first term of each shard, each but the shared beginning
	Hashes   string            `json:"hashes"`  // of the shards, one after the other
	Prefixes map[string]string `json:"prefix"`  // beginnings that many terms have → hash
	Words    map[string]string `json:"words"`   // length → hash of the words that long
	Columns  map[string]string `json:"columns"` // name → hash
	Shared   string            `json:"shared"`
	Holders  string            `json:"holders"`
	PerFile  int               `json:"per"`   // documents of a file
	PerGroup int               `json:"group"` // files of a group
	Groups   string            `json:"docs"`  // hashes of the groups
	Recall   map[string]string `json:"recall"`
}

const formatVersion = 5

// isOurs reports whether an index has this version's format and table of facets.
func (m *manifest) isOurs() bool {
	return m.Version == formatVersion && slices.Equal(m.Kinds, kinds) && slices.EqualFunc(m.Facets, facet.Names(), slices.Equal)
}

// A shard is a range of terms in one file.
type shard struct{ from, to int }

// How large shards are, in bits after packing, as estimated. A cut depends on
// the terms near it alone, so that a new term changes the shard it is in and
// leaves the others as they were.
const (
	minShard = 1800 * 8
	maxShard = 3500 * 8
)

func (w *build) shards() (all []shard) {
	size, from := 0, 0
	for i := range w.terms {
		cost := w.cost(i)
		if i > from && (size+cost > maxShard || size > minShard && hashOf(w.terms[i])%32 == 0) {
			all = append(all, shard{from, i})
			size, from = 0, i
		}
		size += cost
	}
	if from < len(w.terms) {
		all = append(all, shard{from, len(w.terms)})
	}
	return all
}

func hashOf(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// cost estimates the bits that a term takes.
func (w *build) cost(i int) int {
	suffix := len(w.terms[i])
	if i > 0 {
		suffix -= sharedPrefix(w.terms[i-1], w.terms[i])
	}
	occurs := int(w.starts[i+1] - w.starts[i])
	return 10 + 4*suffix + occurs*(3+bits.Len(uint((len(w.records)+1)/(occurs+1))))
}

// sharedPrefix is how many bytes, of whole characters, two strings begin with.
func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n--
	}
	return n
}

// A fronts writes sorted words, each as how many characters it shares with the
// one before and what it has besides.
type fronts struct {
	out  []byte
	last string
}

func (f *fronts) add(w string) {
	n := sharedPrefix(f.last, w)
	n = len(text.First(w[:n], 63))
	f.out = appendDigit(f.out, utf8.RuneCountInString(w[:n]))
	f.out = append(append(f.out, w[n:]...), ' ')
	f.last = w
}

// readFronts reads what fronts wrote.
func readFronts(s string) []string {
	var out []string
	last := ""
	for s != "" {
		w, rest, _ := strings.Cut(s[1:], " ")
		w = text.First(last, digitOf(s[0])) + w
		out = append(out, w)
		last, s = w, rest
	}
	return out
}

func (w *build) write() *Output {
	w.findSharedTerms()
	m := manifest{Version: formatVersion, Records: len(w.records), Base: w.base, Stemming: w.options.Stemming,
		Facets: facet.Names(), Recall: recall.Lists, Kinds: kinds, Pages: make([]int, len(kinds)),
		Prefixes: map[string]string{}, Words: map[string]string{}, Columns: map[string]string{}}
	for _, p := range w.pages {
		m.Pages[kindNumber(p.Kind)]++
	}
	o := &Output{keep: w.options.Keep}
	shards := w.shards()
	w.writeTerms(o, &m, shards)
	w.writePrefixes(o, &m, shards)
	w.writeWords(o, &m)
	w.writeShared(o, &m)
	w.writeColumns(o, &m)
	w.writeDocuments(o, &m)
	w.writeManifest(o, &m)
	return o
}

func kindNumber(k Kind) int { return max(0, slices.Index(kinds, k)) }

func (w *build) writeTerms(o *Output, m *manifest, shards []shard) {
	type result struct {
		hash             string
		terms, positions []byte
	}
	results := make([]result, len(shards))
	parallel.Each(len(shards), func(i int) {
		r := &results[i]
		r.terms, r.positions = w.shard(shards[i])
		r.hash = digest(r.terms, r.positions)
	})
	var firsts fronts
	for i := range results {
		r := results[i]
		results[i] = result{} // not twice in memory
		o.add(fmt.Sprintf(folder+"t%d-%s.js", i, r.hash), r.terms)
		o.add(fmt.Sprintf(folder+"p%d-%s.js", i, r.hash), r.positions)
		firsts.add(w.firstTerm(shards[i].from))
		m.Hashes += r.hash
	}
	m.Shards = string(firsts.out)
}

// firstTerm is as much of a shard's first term as tells it from the last one of
// the shard before.
func (w *build) firstTerm(i int) string {
	if i == 0 {
		return w.terms[i][:0]
	}
	n := sharedPrefix(w.terms[i-1], w.terms[i])
	return text.First(w.terms[i], utf8.RuneCountInString(w.terms[i][:n])+1)
}

// shard writes the terms of a shard, and their positions for phrases.
func (w *build) shard(s shard) (terms, positions []byte) {
	var names fronts
	var l list
	most := 0
	for i := s.from; i < s.to; i++ {
		most = max(most, int(w.starts[i+1]-w.starts[i]))
	}
	all := make([]posting, 0, min(most, w.documents()))
	for i := s.from; i < s.to; i++ {
		all = w.postings(all[:0], i)
		names.add(w.terms[i])
		l.add(all, len(w.records), w.base)
		positions = w.appendPositions(positions, i)
	}
	return appendStrings(nil, append([]string{string(names.out)}, l.strings()...)...), appendStrings(nil, string(positions))
}

// appendPositions writes where the i-th term stands: in each document that has
// it outside of template text, and in each line of that.
func (w *build) appendPositions(out []byte, i int) []byte {
	for occurs := range w.occurrences(i) {
		out = appendNumber(out, len(occurs)-1)
		last := 0
		for _, o := range occurs {
			at := int(o.place & (1<<zoneShift - 1))
			out = appendSigned(out, at-last)
			last = at
		}
	}
	in := w.sharedOf[uint32(i)]
	out = appendNumber(out, len(in))
	for _, l := range in {
		out = appendNumber(out, l)
		out = w.appendInLine(out, w.shared[l], uint32(i))
	}
	return out
}

func (w *build) appendInLine(out []byte, line, term uint32) []byte {
	var at []uint32
	for position, t := range w.termsOf(line) {
		if t == term {
			at = append(at, position)
		}
	}
	out = appendNumber(out, len(at)-1)
	for _, p := range at {
		out = appendNumber(out, int(p))
	}
	return out
}

// termsOf are the terms of a line, as places in [build].terms, with their positions.
func (w *build) termsOf(line uint32) iter.Seq2[uint32, uint32] {
	return func(yield func(position, term uint32) bool) {
		position := uint32(0)
		for i, t := range w.lines.terms(line) {
			if t&sameWord == 0 && i > 0 {
				position++
			}
			if !yield(position, w.rank[t&^sameWord]) {
				return
			}
		}
	}
}

// findSharedTerms finds, for each term of template text, the lines it is in.
func (w *build) findSharedTerms() {
	w.sharedOf = map[uint32][]int{}
	for i, l := range w.shared {
		for _, r := range w.termsOf(l) {
			if in := w.sharedOf[r]; len(in) == 0 || in[len(in)-1] != i {
				w.sharedOf[r] = append(in, i)
			}
		}
	}
}
