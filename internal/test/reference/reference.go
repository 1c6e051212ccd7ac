// Package reference writes the reference of a command and those below it, from
// what the commands say of themselves: Markdown pages for the guide, and man
// pages. Only tests use it, so that what is written in the repository cannot
// differ from the commands, and the commands do not carry it.
//
//	func TestReference(t *testing.T) {
//		reference.Check(t, root(&environment{}), *update)
//	}
package reference

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Pages are the Markdown pages of a command and those below it, by their files'
// names, such as "deploysite-build.md".
func Pages(root *cobra.Command) map[string]string {
	pages := map[string]string{}
	for _, c := range commands(root) {
		pages[fileName(c)+".md"] = page(c)
	}
	return pages
}

// commands lists a command and those below it that have a page. What shell
// scripts "completion" prints is told on one.
func commands(c *cobra.Command) []*cobra.Command {
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	if c.Parent() == nil {
		c.InitDefaultCompletionCmd()
	}
	all := []*cobra.Command{c}
	if c.Name() == "completion" {
		return all
	}
	for _, child := range below(c) {
		all = append(all, commands(child)...)
	}
	return all
}

// below are the commands directly below one, without "help".
func below(c *cobra.Command) (all []*cobra.Command) {
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() && child.Name() != "help" {
			all = append(all, child)
		}
	}
	return all
}

func fileName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

func page(c *cobra.Command) string {
	var b strings.Builder
	name := c.CommandPath()
	fmt.Fprintf(&b, "---\ntitle: %s\n---\n\n# %[1]s\n\n", name)
	if c.Parent() != nil {
		fmt.Fprintf(&b, "```sh\n%s\n```\n\n", c.UseLine())
	}
	b.WriteString(Markdown(cmp.Or(c.Long, c.Short+".")) + "\n\n")
	if c.Example != "" {
		fmt.Fprintf(&b, "## Examples\n\n```sh\n%s\n```\n\n", outdent(c.Example))
	}
	options(&b, "Options", c.NonInheritedFlags())
	options(&b, "Options of all commands", c.InheritedFlags())
	children(&b, c)
	if c.Parent() != nil {
		fmt.Fprintf(&b, "Part of [%s](%s.md).\n", c.Parent().CommandPath(), fileName(c.Parent()))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func options(b *strings.Builder, title string, flags *pflag.FlagSet) {
	begun := false
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		if !begun {
			fmt.Fprintf(b, "## %s\n\n| option | meaning |\n|---|---|\n", title)
			begun = true
		}
		fmt.Fprintf(b, "| %s | %s |\n", optionName(f), cell(meaning(f)))
	})
	if begun {
		b.WriteString("\n")
	}
}

func optionName(f *pflag.Flag) string {
	value, _ := pflag.UnquoteUsage(f)
	name := "`--" + f.Name + "`"
	if value != "" {
		name = "`--" + f.Name + " " + value + "`"
	}
	if f.Shorthand != "" {
		name = "`-" + f.Shorthand + "`, " + name
	}
	return name
}

// meaning is what an option's usage says, with its default where it has one.
func meaning(f *pflag.Flag) string {
	_, text := pflag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "false", "[]", "0", ".":
		return text
	}
	return text + "; default: " + f.DefValue
}

func cell(s string) string {
	return strings.ReplaceAll(escape(strings.Join(strings.Fields(s), " ")), "|", `\|`)
}

func children(b *strings.Builder, c *cobra.Command) {
	all := below(c)
	if len(all) == 0 {
		return
	}
	b.WriteString("## Commands\n\n| command | does |\n|---|---|\n")
	for _, child := range all {
		name := "`" + child.CommandPath() + "`"
		if c.Name() != "completion" {
			name = "[" + name + "](" + fileName(child) + ".md)"
		}
		fmt.Fprintf(b, "| %s | %s |\n", name, cell(child.Short))
	}
	b.WriteString("\n")
}

// Markdown makes Markdown of a help text: its paragraphs are text, and what is
// indented in it is shown as it is.
func Markdown(help string) string {
	var b strings.Builder
	code := false
	for _, line := range append(strings.Split(strings.TrimSpace(help), "\n"), "end") {
		indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		blank := strings.TrimSpace(line) == ""
		switch {
		case indented && !code:
			b.WriteString("```text\n")
			code = true
		case code && !indented && !blank:
			out := strings.TrimRight(b.String(), "\n")
			b.Reset()
			b.WriteString(out + "\n```\n\n")
			code = false
		}
		if code {
			b.WriteString(outdent(line) + "\n")
		} else {
			b.WriteString(escape(line) + "\n")
		}
	}
	return strings.TrimSpace(strings.TrimSuffix(b.String(), "end\n"))
}

// outdent takes the indent off that examples have in help texts.
func outdent(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, "\t"), "  ")
	}
	return strings.Join(lines, "\n")
}

// escape keeps a text from being read as markup.
var escape = strings.NewReplacer(`\`, `\\`, "<", `\<`, "*", `\*`, "[", `\[`, "`", "\\`", "_", `\_`).Replace
