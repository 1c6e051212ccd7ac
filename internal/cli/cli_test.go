package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/problem"
)

// example is a program with one command that ends as its argument says.
func example(ctx context.Context, end context.CancelFunc, args ...string) (status int, said string) {
	var stdout, stderr bytes.Buffer
	env := &Env{Name: "example", Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}
	root := &cobra.Command{Use: "example"}
	root.AddCommand(&cobra.Command{Use: "try", RunE: func(_ *cobra.Command, args []string) error {
		switch args[0] {
		case "wrong":
			return fmt.Errorf("again: %w", Usagef("no %s", args[0]))
		case "said":
			return errors.Join(errors.New("x"), ErrReportedUsage)
		case "interrupt":
			end()
			return ctx.Err()
		case "fail":
			return errors.New("it is broken")
		}
		return nil
	}})
	env.SetUp(root)
	status = env.Exit(env.Execute(ctx, root, args))
	return status, stderr.String()
}

func TestExit(t *testing.T) {
	for _, test := range []struct {
		args   string
		status int
		said   string
	}{
		{"try well", StatusDone, ""},
		{"version", StatusDone, ""},
		{"try fail", StatusFailed, "example: it is broken\n"},
		{"try interrupt", StatusFailed, "example: interrupted\n"},
		{"try said", StatusUsage, ""},
		{"try wrong", StatusUsage, "example: again: no wrong\nRun 'example try --help' for what there is.\n"},
		{"version now", StatusUsage, "example: version takes no arguments, got \"now\"\nRun 'example version --help' for what there is.\n"},
		{"tyr", StatusUsage, "example: unknown command \"tyr\" for \"example\"\n\nDid you mean this?\n\ttry\nRun 'example --help' for what there is.\n"},
		{"-C . -- try well", StatusUsage, "example: nothing is read behind --, got \"try\"; leave the -- out\nRun 'example --help' for what there is.\n"},
		{"-- --directory x", StatusUsage, "example: nothing is read behind --, got \"--directory\"; leave the -- out\nRun 'example --help' for what there is.\n"},
		{"try -- well", StatusDone, ""},
		{"try well --", StatusDone, ""},
		{"try --directroy x", StatusUsage, "example: unknown flag: --directroy; did you mean --directory?\nRun 'example try --help' for what there is.\n"},
		{"try --dir x", StatusUsage, "example: unknown flag: --dir; did you mean --directory?\nRun 'example try --help' for what there is.\n"},
	} {
		ctx, end := context.WithCancel(t.Context())
		status, said := example(ctx, end, strings.Fields(test.args)...)
		end()
		if status != test.status || said != test.said {
			t.Errorf("%s: status %d, %q; want %d, %q", test.args, status, said, test.status, test.said)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// What cannot be written is an error, also of help and completion.
func TestHelpOnAFullDevice(t *testing.T) {
	for _, args := range []string{"--help", "help try", "try --help", "version", "__complete t"} {
		var stderr bytes.Buffer
		env := &Env{Name: "example", Stdin: strings.NewReader(""), Stdout: full{}, Stderr: &stderr}
		root := &cobra.Command{Use: "example"}
		root.AddCommand(&cobra.Command{Use: "try", RunE: func(*cobra.Command, []string) error { return nil }})
		env.SetUp(root)
		if status := env.Exit(env.Execute(t.Context(), root, strings.Fields(args))); status != StatusFailed || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s: status %d, %s", args, status, stderr.String())
		}
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, end)
	forever := make(chan struct{})
	defer close(forever)
	if _, err := Await(ctx, func() (string, error) { <-forever; return "", nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got, err := Await(t.Context(), func() (string, error) { return "read", nil }); got != "read" || err != nil {
		t.Error(got, err)
	}
}

// TestFindings holds the lines for programs to one a problem, and those for people to
// places that a terminal may link, with what they are about below.
func TestFindings(t *testing.T) {
	found := []problem.Problem{
		problem.OpenStep.At("a.md", 14, 3, "the step “Shift” is still open", "mark it done"),
		problem.OpenNote.At("a.md", 19, 1, "TBD\nstands for a note", ""),
		problem.Uncommitted.In("b.md", "its record is not committed", "commit it"),
	}
	for width, want := range map[int]string{
		0: `a.md:14:3: warning: the step “Shift” is still open [open-step]; mark it done
a.md:19:1: warning: TBD[U+000A]stands for a note [open-note]
b.md: warning: its record is not committed [uncommitted]; commit it
`,
		30: `a.md:14:3: warning [open-step]
    the step “Shift” is still
      open
    mark it done
a.md:19:1: warning [open-note]
    TBD[U+000A]stands for a
      note

b.md: warning [uncommitted]
    its record is not
      committed
    commit it
`,
	} {
		if got := findings(found, width); got != want {
			t.Errorf("width %d: got\n%s\nwant\n%s", width, got, want)
		}
	}
}

// TestCompletionsAreHarmless offers names as records may have them.
func TestCompletionsAreHarmless(t *testing.T) {
	var out, said bytes.Buffer
	env := &Env{Name: "tool", Stdout: &out, Stderr: &said}
	root := &cobra.Command{Use: "tool"}
	root.AddCommand(&cobra.Command{Use: "show", Short: "costs $5", Run: func(*cobra.Command, []string) {}, ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"shop", "a b", "esc\x1b[31m", "csi\u009b31m", "rtl\u202e", "byte\xff", "$(touch x)1", "$(touch x)2", "`touch x`"}, cobra.ShellCompDirectiveNoFileComp
	}})
	root.PersistentFlags().String("day", "", "began on this `DAY`")
	for _, args := range [][]string{{"__complete", "show", ""}, {"__completeNoDesc", "show", ""}} {
		out.Reset()
		if err := env.Execute(t.Context(), root, args); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != "shop\na b\n:4\n" {
			t.Errorf("%s: offered %q", args[0], got)
		}
	}
	out.Reset()
	if err := env.Execute(t.Context(), root, []string{"__complete", "sh"}); err != nil || !strings.Contains(out.String(), "show\tcosts $5\n") {
		t.Errorf("%v, offered %q", err, out.String())
	}
	out.Reset()
	if err := env.Execute(t.Context(), root, []string{"__complete", "show", "--d"}); err != nil || !strings.Contains(out.String(), "--day\tbegan on this DAY\n") {
		t.Errorf("%v, offered %q", err, out.String())
	}
}
