package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// separators are what may stand between the cells of a CSV.
var separators = []rune{',', ';', '\t', '|'}

// table is a CSV as far as it has been read.
type table struct {
	r      *Reading
	source int
	data   []byte // without a byte order mark
	base   int    // its length
	reader *csv.Reader

	columns columns
	header  []byte // as it is written
}

// readCSV reads a table with a row for each deployment.
func readCSV(r *Reading, source int) {
	defer r.settleOrder(source)()
	data := r.Sources[source].Data
	body := bytes.TrimPrefix(data, text.ByteOrderMark)
	t := &table{r: r, source: source, data: body, base: len(data) - len(body)}
	t.reader = csv.NewReader(bytes.NewReader(body))
	t.reader.Comma = separatorOf(body)
	t.reader.FieldsPerRecord = -1
	if !t.head() {
		return
	}
	for t.row() {
	}
}

// separatorOf is the separator by which most of the first lines have as many cells as
// the first one.
func separatorOf(data []byte) rune {
	lines := strings.SplitN(string(data[:min(len(data), 64<<10)]), "\n", 12)
	best, most := ',', 0
	for _, s := range separators {
		score := 0
		if first := cellsOf(lines[0], s); first > 1 {
			score = first
			for _, line := range lines[1:] {
				if cellsOf(line, s) == first {
					score += 100
				}
			}
		}
		if score > most {
			best, most = s, score
		}
	}
	return best
}

// cellsOf counts the cells of a line.
func cellsOf(line string, separator rune) int {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.LazyQuotes = separator, true
	cells, _ := r.Read() // without those behind a mistake
	return len(cells)
}

// next reads a row; the range is that of its lines. err is io.EOF at the end.
func (t *table) next() (cells []string, span text.Span, err error) {
	start := int(t.reader.InputOffset())
	cells, err = t.reader.Read()
	end := int(t.reader.InputOffset())
	for start < end && (t.data[start] == '\n' || t.data[start] == '\r') { // empty lines are skipped
		start++
	}
	return cells, text.Span{Start: t.base + start, End: t.base + end}, err
}

// head reads the first row and finds the keys of the columns. It reports whether the
// rows can be read by them.
func (t *table) head() bool {
	cells, span, err := t.next()
	if err != nil {
		t.broken(span, err)
		return false
	}
	if isHeader(cells) {
		t.columns = mapColumns(cells, t.r.opt.Columns)
		t.header = t.data[span.Start-t.base : span.End-t.base]
		t.r.leave(t.source, span, Layout, "", "the header")
		return t.complete(span)
	}
	numbered := make([]string, len(cells))
	for i := range numbered {
		numbered[i] = columnName(i)
	}
	t.columns = mapColumns(numbered, t.r.opt.Columns)
	if !t.complete(span) {
		return false
	}
	t.add(cells, span)
	return true
}

// isHeader reports whether a row has no date, so that it is one of names.
func isHeader(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool {
		_, err := findDate(cell, Options{})
		return !errors.Is(err, errNoDate)
	})
}

// complete reports whether there is a column of dates, and each column that was asked
// for. It refuses the whole table where one is missing.
func (t *table) complete(header text.Span) bool {
	all := strings.Join(t.columns.headers, ", ")
	whole := text.Span{Start: header.Start, End: len(t.r.Sources[t.source].Data)}
	if t.header != nil {
		whole.Start = header.End
	}
	for _, key := range Keys {
		name := t.r.opt.Columns[string(key)]
		if name != "" && t.columns.find(name) < 0 {
			t.r.refuse(t.source, whole, "these are there: "+text.OneLine(all, 300), "there is no column “%s” for --column %s", name, key)
			return false
		}
	}
	if t.columns.of(KeyDate) < 0 {
		t.r.refuse(t.source, whole, "say which one it is by --column date=NAME; these are there: "+text.OneLine(all, 300), "no column is known to hold dates")
		return false
	}
	return true
}

// row reads the next row. It returns false at the end, or where nothing can be read
// any more.
func (t *table) row() bool {
	cells, span, err := t.next()
	if err != nil {
		t.broken(span, err)
		return span.End > span.Start
	}
	t.add(cells, span)
	return true
}

// broken refuses a row that cannot be read. The end of the table is none.
func (t *table) broken(span text.Span, err error) {
	if err == io.EOF {
		return
	}
	what, hint := err.Error(), "correct it"
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		what = parse.Err.Error()
	}
	if errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote) {
		what, hint = "a quote that is not closed, or stands inside of a cell", `put the whole cell into quotes, and write each quote in it twice`
	}
	t.r.refuse(t.source, span, hint, "the row cannot be read: %s", what)
}

func (t *table) add(cells []string, span text.Span) {
	raw := t.data[span.Start-t.base : span.End-t.base]
	body := t.columns.bullets(cells)
	if len(body) > 0 {
		body = append(body, '\n')
	}
	body = append(body, folded("csv", slices.Concat(t.header, raw))...)
	t.r.addRow(t.source, span, t.columns, cells, body, wordsID(raw))
}
