package records

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// costly makes bodies of about n bytes that are known or suspected to make a
// Markdown parser slow.
var costly = map[string]func(n int) string{
	"blank lines in nested lists": func(n int) string {
		return strings.Repeat("- ", n/3) + "a" + strings.Repeat("\n", n/3)
	},
	"blank lines in fifty nested lists": func(n int) string {
		return strings.Repeat("- ", 50) + "a" + strings.Repeat("\n", n-100)
	},
	"blank lines in lists in quotes": func(n int) string {
		return strings.Repeat("> - ", 40) + "a\n" + strings.Repeat("> \n", n/3)
	},
	"lists, each deeper": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat("  ", i%500) + "- a\n\n")
		}
		return b.String()
	},
	"emphasis that never closes": repeated("*a "),
	"emphasis of mixed kinds":    repeated("*a_ __b** "),
	"emphasis in words":          repeated("a*_"),
	"emphasis, nested":           func(n int) string { return strings.Repeat("*a ", n/6) + strings.Repeat("a* ", n/6) },
	"strikethrough":              repeated("~a ~~b "),
	"links that never close":     repeated("[a]("),
	"links with an angle":        repeated("[a](<b"),
	"links with an open title":   repeated(`[a](b "c `),
	"open brackets":              repeated("["),
	"open images":                repeated("!["),
	"brackets, nested":           func(n int) string { return strings.Repeat("[", n/2) + strings.Repeat("]", n/2) },
	"links in brackets":          func(n int) string { return strings.Repeat("[", n/8) + strings.Repeat("[a](b)]", n/8) },
	"short links":                repeated("[a](b) "),
	"quotes, nested":             func(n int) string { return strings.Repeat(">", n) + "a" },
	"quotes, nested, many lines": repeated(strings.Repeat(">", 90) + "a\n"),
	"padded table":               paddedTable,
	"table of bars":              func(n int) string { return strings.Repeat("|", n/2) + "\n" + strings.Repeat("|-", n/4) + "|\n" },
	"a wide table of boxes":      func(n int) string { return boxTable(n/90, 20, "a", "[ ]") },
	"a row of boxes with words":  func(n int) string { return boxTable(n/10, 1, "a", "[ ] x") },
	"many rows of boxes":         func(n int) string { return boxTable(maxColumns, n/maxColumns/6, "a", "[ ] x") },
	"a long head over boxes": func(n int) string {
		return "|" + strings.Repeat("a", n/2) + "|b|\n|-|-|\n" + strings.Repeat("|[ ]|[ ]|c|\n", n/24)
	},
	"long words beside boxes": func(n int) string {
		return boxTable(maxColumns, 1, "a", "[ ]") + strings.Replace(boxTable(maxColumns, 1, "a", "[ ]"), "|[ ]|", "|"+strings.Repeat("word ", n/5)+"|", 1)
	},
	"boxes on lines of HTML":         func(n int) string { return "<div>\n" + strings.Repeat("<input type=checkbox> a\n", n/24) },
	"escaped bars in code in tables": func(n int) string { return "|a|\n|-|\n" + strings.Repeat("|`a\\|b`|\n", n/9) },
	"backticks of growing length":    growingBackticks,
	"open tags":                      repeated("<a "),
	"open tags with attributes":      repeated("<a b=\"c "),
	"open tags on lines":             repeated("<a\n"),
	"open comments":                  repeated("<!-- "),
	"open instructions":              repeated("<? "),
	"open declarations":              repeated("<!A "),
	"HTML blocks":                    repeated("<div a='b'\n"),
	"a long HTML line":               func(n int) string { return "<div " + strings.Repeat("a=b ", n/4) },
	"footnotes":                      func(n int) string { return strings.Repeat("[^a]: b\n", n/16) + "\n" + strings.Repeat("[^a] ", n/10) },
	"footnotes, each its own":        ownFootnotes,
	"open footnotes":                 repeated("[^a"),
	"link reference definitions":     repeated("[a]: b\n"),
	"link reference, many names":     numbered("[a%d]: b\n"),
	"references":                     func(n int) string { return "[a]: b\n\n" + strings.Repeat("[a]", n/3) },
	"entities":                       repeated("&amp;&#35;"),
	"addresses":                      repeated("http://a.bc/?_*~ "),
	"addresses in underscores":       repeated("_www.a.bc"),
	"mail addresses":                 repeated("a@b."),
	"angle addresses":                repeated("<ab:"),
	"backslashes":                    repeated("\\"),
	"spaces":                         repeated(" "),
	"tabs in lists":                  repeated("-\t"),
	"marks in list items":            repeated("- [x] a ✅\n"),
	"short lines":                    repeated("a\n"),
	"short emphases":                 repeated("*a*\n\n"),
	"headings":                       repeated("# a\n"),
	"setext headings":                repeated("a\n=\n"),
	"empty list items":               repeated("-\n"),
	"metadata":                       repeated("- **Operator**: Ada Park\n"),
	"metadata in one paragraph":      repeated("**Note**: Ada Park\n"),
	"metadata that continues":        func(n int) string { return "**Operator**: Ada Park\n" + strings.Repeat("and\n", n/4) },
	"metadata in one item":           func(n int) string { return "- **Operator**: Ada Park\n" + strings.Repeat("\n  and\n", n/8) },
	"words":                          repeated("word "),
	"one line of a log":              func(n int) string { return strings.Repeat("level=info msg=ok ", n/18) },
	"a log in a code block":          func(n int) string { return "```\n" + strings.Repeat("level=info msg=ok\n", n/18) + "```\n" },
	"ordinary steps": func(n int) string {
		return strings.Repeat("- [x] **Build image**: `make` took [3 min](https://ci.example.com/1)\n", n/72)
	},
	"many issues":            func(n int) string { return "# Issues\n" + strings.Repeat("## Issue #1: a\n- **Error**: b\n", n/30) },
	"one issue, many fields": func(n int) string { return "# Issues\n## Issue #1: a\n" + strings.Repeat("- **Error**: b\n", n/15) },
	"notes that continue":    func(n int) string { return "# Lessons\n\na\n" + strings.Repeat("\n    code\n\n***\n", n/17) },
	"one heading, same name": repeated("## Deploy\n\n- ✅ a\n"),
}

func repeated(s string) func(int) string {
	return func(n int) string { return strings.Repeat(s, n/len(s)) }
}

func numbered(format string) func(int) string {
	return func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
}

func paddedTable(n int) string {
	columns := n / 6
	return strings.Repeat("a|", columns) + "\n" + strings.Repeat("-|", columns) + "\n" + strings.Repeat("a\n", columns)
}

// boxTable is a table with as many columns and rows, each cell the same.
func boxTable(columns, rows int, head, cell string) string {
	row := func(s string) string { return "|" + strings.Repeat(s+"|", columns) + "\n" }
	return "\n" + row(head) + row("-") + strings.Repeat(row(cell), rows)
}

func growingBackticks(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		b.WriteString(strings.Repeat("`", i) + " ")
	}
	return b.String()
}

func ownFootnotes(n int) string {
	return numbered("[^%d] ")(n/2) + "\n\n" + numbered("[^%d]: a\n\n")(n/2)
}

// TestCostlyRecords proves that no input takes more than its share. Whether it
// is laid out or shown as source is decided by counting, so it is the same each
// time. What hangs, go test ends; how fast it is, BenchmarkCostlyRecords says.
func TestCostlyRecords(t *testing.T) {
	t.Parallel()
	sizes := []int{10_000, 100_000}
	if !testing.Short() {
		sizes = append(sizes, 1<<20)
	}
	for name, body := range costly {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s/%d", name, size), func(t *testing.T) {
				t.Parallel()
				r := Parse(recordName1, []byte(body(size)), Options{})
				if r.Document.Root == nil && !strings.Contains(r.Problems[len(r.Problems)-1].Message, "shown as source") {
					t.Errorf("not laid out, and no problem says so: %v", r.Problems)
				}
			})
		}
	}
}

// BenchmarkCostlyRecords measures what each takes at the size of the largest file.
func BenchmarkCostlyRecords(b *testing.B) {
	for name, body := range costly {
		b.Run(name, func(b *testing.B) {
			source := []byte(body(MaxSize))
			before := liveBytes()
			r := Parse(recordName1, source, Options{})
			held := liveBytes() - before
			for b.Loop() {
				r = Parse(recordName1, source, Options{})
			}
			b.ReportMetric(float64(held>>20), "MiB-held")
			runtime.KeepAlive(r)
		})
	}
}

// TestOrdinaryBodiesAreLaidOut: the meter must not take a long record for an
// attack.
func TestOrdinaryBodiesAreLaidOut(t *testing.T) {
	for _, name := range []string{"ordinary steps", "words", "one line of a log", "a log in a code block"} {
		r := Parse(recordName1, []byte(costly[name](1<<20)), Options{})
		if r.Document.Root == nil {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
	files, _ := filepath.Glob("../site/testdata/legacy/deployments/checklists/*.md")
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		long := bytes.Repeat(source, 200<<10/len(source))
		if r := Parse(recordName1, long, Options{}); r.Document.Root == nil {
			t.Errorf("%s, repeated to %d bytes: %v", filepath.Base(file), len(long), r.Problems)
		}
	}
}

func liveBytes() int64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
