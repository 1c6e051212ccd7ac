package search

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Documents hold what a result shows: the facts, and the text for the excerpt.
// Few of them are loaded at a time, so each file has one or a few.
const (
	perFile  = 1
	perGroup = 128 // files, whose names change together
)

// What is kept of a text for excerpts, in characters. All of it is searched.
const (
	maxText = 12_000
	maxLine = 1_000
)

func (w *build) writeDocuments(o *Output, m *manifest) {
	m.PerFile, m.PerGroup = perFile, perGroup
	files := w.documentFiles()
	sums := make([]string, len(files))
	parallel(len(files), func(i int) { sums[i] = digest(w.documentFile(files[i])) })
	for from := 0; from < len(files); from += perGroup {
		to := min(from+perGroup, len(files))
		var all []byte
		for _, s := range sums[from:to] {
			all = append(all, s...)
		}
		sum := digest(all)
		m.Groups += sum
		for i := from; i < to; i++ {
			path := fmt.Sprintf(folder+"d%d-%s.js", i, sum)
			r := files[i]
			o.Files = append(o.Files, File{path, func() []byte { return script(path, w.documentFile(r)) }})
		}
	}
}

// documentFiles are the ranges of documents that share a file: first those of
// the records, then those of the pages.
func (w *build) documentFiles() (all []shard) {
	for from := 0; from < len(w.records); from += perFile {
		all = append(all, shard{from, min(from+perFile, len(w.records))})
	}
	for from := len(w.records); from < w.documents(); from += perFile {
		all = append(all, shard{from, min(from+perFile, w.documents())})
	}
	return all
}

func (w *build) documentFile(r shard) []byte {
	out := []byte{'['}
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
		out = append(strconv.AppendInt(append(out, '['), int64(kindNumber(p.Kind)), 10), ",[],[],[],"...)
		out = appendStrings(out, []string{"", p.Title, p.URL, "", "", ""})
	} else {
		r := &w.records[i]
		out = appendStrings(append(out, "[0,"...), r.Deployers)
		out = appendStrings(append(out, ','), r.Services)
		out = appendStrings(append(out, ','), r.Tags)
		out = appendStrings(append(out, ','), []string{r.ID, r.Title, r.URL, r.Date, r.Status, r.Environment})
	}
	out = append(out, ",["...)
	left := maxText
	blocks := 0
	w.text(i).each(func(b block, lines []uint32) {
		if left <= 0 {
			return
		}
		if blocks++; blocks > 1 {
			out = append(out, ',')
		}
		out, left = w.appendBlock(out, b, lines, left)
	})
	return append(out, "]]"...)
}

// appendBlock writes a block: its zone, its anchor, and its lines, of which
// those of the template are numbers.
func (w *build) appendBlock(out []byte, b block, lines []uint32, left int) ([]byte, int) {
	out = strconv.AppendInt(append(out, '['), int64(b.zone), 10)
	out = appendString(append(out, ','), b.anchor)
	for _, l := range lines {
		if n, ok := w.sharing[l]; ok && b.zone == Body {
			out = strconv.AppendInt(append(out, ','), int64(n), 10)
			continue
		}
		text := cutRunes(w.lines.at(l).text, min(left, maxLine))
		out = appendString(append(out, ','), text)
		left -= len(text)
	}
	return append(out, ']'), max(left, 0)
}

// writeShared writes the template's lines, and which records have each.
func (w *build) writeShared(o *Output, m *manifest) {
	var texts []string
	var l list
	for i, id := range w.shared {
		texts = append(texts, cutRunes(w.lines.at(id).text, maxLine))
		all := make([]posting, len(w.holders[i]))
		for j, r := range w.holders[i] {
			all[j].document = r
		}
		l.add(all, len(w.records), w.base)
	}
	data := appendStrings(nil, texts)
	m.Shared = digest(data)
	o.add(folder+"shared-"+m.Shared+".js", data)
	data = appendStrings(nil, []string{string(l.counts), string(l.gaps), string(l.told)})
	m.Holders = digest(data)
	o.add(folder+"holders-"+m.Holders+".js", data)
}

func (w *build) writeManifest(o *Output, m *manifest) {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // of strings and numbers only
	}
	o.Manifest = folder + "manifest-" + digest(data) + ".js"
	o.add(o.Manifest, data)
}
