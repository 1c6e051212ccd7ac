package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/text"
)

// Documents hold what a result shows: the facts, and the text for the excerpt.
// Few of them are loaded at a time, so each file has one. In a long history several
// share a file: what a query loads grows with them, but a hundred thousand files more
// would be a burden to whoever publishes and copies the site. So both grow alike, with
// the root of its length.
const (
	aloneDocuments = 2_500 // up to that many have a file each, up to four times that many share one by twos
	perGroup       = 128   // files, whose names change together
)

// perFile is how many documents share a file.
func (w *build) perFile() int {
	n, alone := 1, cmp.Or(w.options.AloneDocuments, aloneDocuments)
	for len(w.records) > n*n*alone {
		n *= 2
	}
	return n
}

// What is kept of a text for excerpts, in characters. All of it is searched.
const (
	maxText = 12_000
	maxLine = 1_000
)

func (w *build) writeDocuments(o *Output, m *manifest) {
	m.PerFile, m.PerGroup = w.perFile(), perGroup
	groups := slices.Collect(slices.Chunk(w.documentFiles(), perGroup))
	sums, values := make([]string, len(groups)), make([][]func() []byte, len(groups))
	parallel.Each(len(groups), func(i int) {
		h := sha256.New()
		data := make([]byte, 0, 4096)
		for _, r := range groups[i] {
			data = w.documentFile(data[:0], r)
			h.Write(data)
			value := func() []byte { return w.documentFile(nil, r) }
			if o.keep != nil { // so that nothing keeps the builder
				value = o.keep(data)
			}
			values[i] = append(values[i], value)
		}
		sums[i] = digestOf(h)
	})
	for i, group := range values {
		m.Groups += sums[i]
		for j, value := range group {
			path := fmt.Sprintf(folder+"d%d-%s.js", i*perGroup+j, sums[i])
			o.Files = append(o.Files, File{path, func() []byte {
				data := value()
				return endScript(append(appendScript(make([]byte, 0, len(path)+len(data)+32), path), data...))
			}})
		}
	}
}

// documentFiles are the ranges of documents that share a file: first those of
// the records, then those of the pages.
func (w *build) documentFiles() (all []shard) {
	perFile := w.perFile()
	for _, of := range []shard{{0, len(w.records)}, {len(w.records), w.documents()}} {
		for from := of.from; from < of.to; from += perFile {
			all = append(all, shard{from, min(from+perFile, of.to)})
		}
	}
	return all
}

func (w *build) documentFile(out []byte, r shard) []byte {
	out = append(out, '[')
	for i := r.from; i < r.to; i++ {
		if i > r.from {
			out = append(out, ',')
		}
		out = w.appendDocument(out, i)
	}
	return append(out, ']')
}

func (w *build) appendDocument(out []byte, i int) []byte {
	if i >= len(w.records) {
		p := &w.pages[i-len(w.records)]
		out = append(strconv.AppendInt(append(out, '['), int64(kindNumber(p.Kind)), 10), ",[],"...)
		out = appendStrings(out, "", p.Title, p.URL, "", "")
	} else {
		r := &w.records[i]
		url := r.URL
		if url == recordURL(r.ID) {
			url = ""
		}
		out = append(out, "[0,["...)
		for i, f := range facet.Lists {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendStrings(out, r.of(f)...)
		}
		out = appendStrings(append(out, "],"...), r.ID, r.Title, url, r.Date, firstOf(r.of(facet.Status)))
	}
	out, shared := w.appendBlocks(append(out, ",["...), i)
	return append(appendString(append(out, "],"...), string(shared)), ']')
}

// recordURL is where a record is by default.
func recordURL(id string) string { return "records/" + id + "/index.html" }

// appendBlocks writes each block of a document: its zone, its anchor, and its lines. Those of
// the template are given back, by their numbers.
func (w *build) appendBlocks(out []byte, i int) (blocks, shared []byte) {
	left, next := maxText, 0
	empty := true
	for b, lines := range w.text(i).all() {
		from := len(out)
		any := false
		for _, l := range lines {
			if n, ok := w.sharedLine(i, b.zone, l); ok {
				shared = appendSigned(shared, n-next)
				next = n + 1
				continue
			}
			if left <= 0 {
				continue
			}
			text := text.First(shown(w.lines.text(l)), min(left, maxLine))
			if !any {
				out = b.append(out, text)
			}
			any = true
			out = appendString(append(out, ','), text)
			left -= len(text)
		}
		if any {
			out = append(out, ']', ',')
			empty = false
		} else {
			out = out[:from]
		}
	}
	if !empty {
		out = out[:len(out)-1]
	}
	return out, shared
}

// append begins a block: its zone and its anchor, 0 where that can be told by
// its first line.
func (b block) append(out []byte, text string) []byte {
	out = append(strconv.AppendInt(append(out, '['), int64(b.zone), 10), ',')
	if b.anchor != "" && b.anchor == anchorOf(b.zone, text) {
		return append(out, '0')
	}
	return appendString(out, b.anchor)
}

// anchorOf is the anchor of most notes: their kind, and their first six words.
// It is "" where that takes more than ASCII.
func anchorOf(zone Zone, text string) string {
	kind, ok := noteKind[zone]
	if !ok {
		return ""
	}
	out := append(make([]byte, 0, 80), kind...)
	most := len(out) + 1 + 60
	words, inWord, gap := 0, false, true
	for i := 0; i < len(text) && len(out) < most; i++ {
		c := text[i]
		if c == ' ' || c >= '\t' && c <= '\r' {
			inWord, gap = false, true
			continue
		}
		if !inWord {
			inWord = true
			words++
		}
		switch {
		case c >= utf8.RuneSelf:
			return ""
		case words > 6:
			return string(out)
		case isUpper(c):
			c += 'a' - 'A'
		case !isLowerOrDigit(c):
			gap = true
			continue
		}
		if gap && len(out)+1 < most {
			out = append(out, '-')
		} else if gap {
			break
		}
		gap = false
		out = append(out, c)
	}
	return string(out)
}

// writeShared writes the template's lines, and which records have each.
func (w *build) writeShared(o *Output, m *manifest) {
	var texts []string
	var l list
	for i, id := range w.shared {
		texts = append(texts, text.First(shown(w.lines.text(id)), maxLine))
		all := make([]posting, len(w.holders[i]))
		for j, r := range w.holders[i] {
			all[j].document = int32(r)
		}
		l.add(all, len(w.records), w.base)
	}
	m.Shared = o.addHashed("shared", appendStrings(nil, texts...))
	m.Holders = o.addHashed("holders", appendStrings(nil, l.strings()...))
}

func (w *build) writeManifest(o *Output, m *manifest) {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // of strings and numbers only
	}
	o.Manifest = folder + "manifest-" + o.addHashed("manifest", data) + ".js"
}
