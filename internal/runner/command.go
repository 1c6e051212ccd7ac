package runner

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// command is what a step says to run. It comes from whoever wrote the record or its
// checklist, and nobody has checked it.
type command string

// commandsOf are a step's commands: the code spans of its own text, and what
// stands below it in a code block that is said to be of a shell. A block without
// a language may as well be what a command printed.
func commandsOf(r *records.Record, s records.Step) (commands []command) {
	if s.TextNode != nil {
		commands = codeSpans(r, s.TextNode)
	}
	for _, n := range s.Below() {
		if block, ok := n.(*ast.FencedCodeBlock); ok && isShell(string(block.Language(r.Source))) {
			commands = append(commands, command(strings.TrimRight(string(block.Lines().Value(r.Source)), "\r\n")))
		}
	}
	return slices.DeleteFunc(commands, func(c command) bool { return strings.TrimSpace(string(c)) == "" })
}

func isShell(language string) bool {
	return slices.Contains([]string{"sh", "bash", "zsh", "fish", "shell"}, strings.ToLower(language))
}

func codeSpans(r *records.Record, n ast.Node) (commands []command) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if span, ok := n.(*ast.CodeSpan); ok && entering {
			commands = append(commands, command(codeText(r, span)))
		}
		return ast.WalkContinue, nil
	})
	return commands
}

// codeText is what a code span says; a line break in it is a blank, as Markdown
// has it.
func codeText(r *records.Record, span *ast.CodeSpan) string {
	var b strings.Builder
	for c := span.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(r.Source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ").Replace(b.String())
}

// lines are the command's lines with everything in them to be seen.
func (c command) lines() (lines []string) {
	for l := range strings.SplitSeq(string(c), "\n") {
		var b strings.Builder
		for _, r := range text.Visible(strings.TrimSuffix(l, "\r")) {
			if r == '\t' || joins(r) || hidden(r) {
				b.WriteString(codePoint(r))
			} else {
				b.WriteRune(r)
			}
		}
		lines = append(lines, b.String())
	}
	return lines
}

func codePoint(r rune) string { return fmt.Sprintf("[U+%04X]", r) }

// oneLine is the command in a sentence.
func (c command) oneLine() string { return strings.Join(c.lines(), " ↵ ") }

// hides reports whether the command has characters that cannot be seen. Such a
// command is not copied: a shell that it is pasted into might run it at once.
func (c command) hides() bool {
	return strings.ContainsFunc(string(c), func(r rune) bool { return r != '\n' && r != '\t' && (joins(r) || hidden(r)) }) ||
		text.Visible(string(c)) != string(c)
}

// foreign lists the letters that are not ASCII, some of which look like others.
func (c command) foreign() (letters []string) {
	for _, r := range string(c) {
		if r >= 0x80 && unicode.IsPrint(r) && !joins(r) && !hidden(r) {
			if s := fmt.Sprintf("%c U+%04X", r, r); !slices.Contains(letters, s) {
				letters = append(letters, s)
			}
		}
	}
	return letters
}

// display is the command as it is shown before it is run. The record cannot write
// into the first two columns, so no text can look like the start of another command.
func (c command) display() (lines []line) {
	prompt := "$ "
	for _, l := range c.lines() {
		lines = append(lines, line{{prompt, dim | indents}, {l, bold | verbatim}})
		prompt = "> "
	}
	return lines
}
