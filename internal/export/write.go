package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// Format is how rows are written.
type Format string

// The formats.
const (
	NDJSON Format = "ndjson" // an object a line
	CSV    Format = "csv"    // RFC 4180, but for lines that end in LF, with a line of names
	JSON   Format = "json"   // one document: the version and the rows
)

// A Writer writes the rows of one table.
type Writer struct {
	table  Table
	format Format
	out    *bufio.Writer
	csv    *csv.Writer
	rows   int
}

// NewWriter begins the output.
func NewWriter(to io.Writer, table Table, format Format) *Writer {
	w := &Writer{table: table, format: format, out: bufio.NewWriter(to)}
	switch format {
	case CSV:
		w.csv = csv.NewWriter(w.out)
		_ = w.csv.Write(table.Columns) // an error stays, and Close has it
	case JSON:
		fmt.Fprintf(w.out, `{"version":%d,%q:[`, Schema, table.Name)
	}
	return w
}

// Write writes the rows of one record.
func (w *Writer) Write(r Record) error {
	for _, row := range w.table.rows(r) {
		if err := w.row(row); err != nil {
			return err
		}
		w.rows++
	}
	return nil
}

// Close ends the output.
func (w *Writer) Close() error {
	if w.format == JSON {
		_, _ = w.out.WriteString("\n]}\n")
	}
	return w.Flush()
}

// Flush puts out what was written so far, for output that ends too early. As a
// document it is not closed, so nobody takes it for the whole.
func (w *Writer) Flush() error {
	if w.csv != nil {
		w.csv.Flush()
	}
	return w.out.Flush()
}

func (w *Writer) row(row []any) error {
	if w.format == CSV {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = cell(value)
		}
		return w.csv.Write(cells)
	}
	object := w.table.object(row)
	var err error
	switch {
	case w.format == NDJSON:
		_, err = fmt.Fprintf(w.out, "%s\n", object)
	case w.rows > 0:
		_, err = fmt.Fprintf(w.out, ",\n%s", object)
	default:
		_, err = fmt.Fprintf(w.out, "\n%s", object)
	}
	return err
}

// object is a row with its names, in the order of the columns.
func (t Table) object(row []any) []byte {
	var b bytes.Buffer
	for i, value := range row {
		data, _ := json.Marshal(value) // texts, lists of them and numbers
		fmt.Fprintf(&b, ",%q:%s", t.Columns[i], text.SafeJSON(data))
	}
	b.Bytes()[0] = '{'
	b.WriteByte('}')
	return b.Bytes()
}

func cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return harmless(text.Visible(v))
	case []string:
		return harmless(text.Visible(strings.Join(v, "; ")))
	}
	return fmt.Sprint(value)
}

// harmless is a text that no spreadsheet takes for a formula: records quote whatever
// a program printed.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}

// snake is a word as columns have it: "in_progress".
func snake(word string) string { return strings.ReplaceAll(word, "-", "_") }
