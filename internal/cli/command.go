package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/version"
)

// SetUp gives a program's root command what both programs have: the flag -C, the
// command version, options that take one value alone, and flag errors that say what was probably meant.
func (env *Env) SetUp(root *cobra.Command) {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentFlags().StringVarP(&env.Dir, "directory", "C", ".", "work as if started in `DIR`")
	_ = root.MarkPersistentFlagDirname("directory") // fails only if there is no such flag
	root.SetFlagErrorFunc(SuggestFlag)
	onlyOnce(root)
	root.PersistentPreRunE = notBlank
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if !cmd.Runnable() { // or cobra would print its help in the place of a script, and succeed
			cmd.Args, cmd.RunE = OneOfItsCommands, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, below := range cmd.Commands() {
				below.Args = NoArguments
			}
		}
	}
	root.AddCommand(&cobra.Command{
		Use:   "version",
		Short: "Print the version of this tool",
		Args:  NoArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.Stdout, version.Line(root.Name()))
			return err
		},
	})
}

// OneOfItsCommands refuses what is none of the commands below a command.
func OneOfItsCommands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if near := text.Nearest(args[0], names); near != "" {
		return Usagef("%s has no command %q; did you mean %s?", cmd.Name(), args[0], near)
	}
	return Usagef("%s has no command %q; there are %s", cmd.Name(), args[0], strings.Join(names, ", "))
}

// NoCommand is the root command's annotation with what is said where a first argument is
// no command, nor like one.
const NoCommand = "no-command"

// Execute runs the command that the arguments name. Its errors are those that
// [Env.Exit] reports; after an interrupt that is [ErrInterrupted].
func (env *Env) Execute(ctx context.Context, root *cobra.Command, args []string) error {
	if err := nothingBehindDashes(root, args); err != nil {
		return err
	}
	root.SetArgs(args)
	helpOfNothing(root)
	root.SetIn(env.Stdin)
	out := &keeper{w: env.Stdout}
	root.SetOut(out)
	root.SetErr(env.Stderr)
	var offered bytes.Buffer
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		plainUsages(root)
		root.SetOut(&offered)
	}
	meant, err := root.ExecuteContextC(ctx)
	_, _ = io.WriteString(out, harmless(offered.String())) // out keeps the error
	if err == nil {
		return out.err
	}
	if _, _, unknown := root.Find(args); unknown != nil { // cobra's error for this has no type
		if name := longName(root, args); name != "" {
			err = fmt.Errorf("%w; -%s is read as -%c with a value: did you mean --%s?", err, name, name[0], name)
		} else if hint := root.Annotations[NoCommand]; hint != "" && !strings.Contains(err.Error(), "\n") { // else it suggests one
			err = fmt.Errorf("%w; %s", err, hint)
		}
		err = Usage(err)
	}
	var usage *UsageError
	var said reported
	switch {
	case errors.As(err, &usage):
		if usage.Command = meant.CommandPath(); meant.Name() == "help" {
			usage.Command = root.CommandPath()
		}
	case ctx.Err() != nil && !errors.As(err, &said):
		return ErrInterrupted
	}
	return err
}

// longName is the name of an option that was given with one dash, "" for none.
func longName(cmd *cobra.Command, args []string) string {
	for _, arg := range args {
		if arg == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if len(name) > 1 && name != arg && cmd.Flags().Lookup(name) != nil {
			return name
		}
	}
	return ""
}

// plainUsages takes the backticks out of what the options of a command, and of those below
// it, say of themselves. Help needs them, and shells would show them.
func plainUsages(c *cobra.Command) {
	for _, flags := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) { _, f.Usage = pflag.UnquoteUsage(f) })
	}
	for _, child := range c.Commands() {
		plainUsages(child)
	}
}

// keeper keeps the first error of writing: cobra's help does not give it.
type keeper struct {
	w   io.Writer
	err error
}

func (k *keeper) Write(p []byte) (n int, err error) {
	n, err = k.w.Write(p)
	k.err = cmp.Or(k.err, err)
	return n, err
}

// helpOfNothing makes help of a command that there is not wrong usage.
func helpOfNothing(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		help.RunE = func(cmd *cobra.Command, args []string) error {
			meant, rest, err := root.Find(args)
			switch {
			case err != nil:
				return Usage(err)
			case len(rest) > 0:
				return Usagef("%s has no command %q", meant.CommandPath(), rest[0])
			}
			help.Run(cmd, args)
			return nil
		}
	}
}

// harmless leaves out what a shell should not be offered. It shows names from records as
// they are, and puts what several have in common on its line without quotes: nothing may
// steer the terminal, or be run there.
func harmless(offered string) string {
	var b strings.Builder
	for line := range strings.Lines(offered) {
		value, _, _ := strings.Cut(line, "\t") // a description follows
		if utf8.ValidString(line) && !strings.ContainsFunc(line, text.Steers) && !strings.ContainsAny(value, "$`") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// OneFormat refuses two formats at once.
func OneFormat(cmd *cobra.Command, one, other string) {
	args := cmd.Args
	cmd.Args = func(cmd *cobra.Command, given []string) error {
		if cmd.Flags().Changed(one) && cmd.Flags().Changed(other) {
			return Usagef("--%s and --%s are two formats; choose one", one, other)
		}
		return args(cmd, given)
	}
}

// notBlank refuses options with an empty value. A variable that is not set makes one,
// and the command would do something else than it was told, and say nothing.
func notBlank(cmd *cobra.Command, _ []string) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if err == nil && slices.ContainsFunc(values, func(value string) bool { return strings.TrimSpace(value) == "" }) {
			what, _ := pflag.UnquoteUsage(f)
			err = Usagef("--%s is empty; write %s", f.Name, cmp.Or(blankHints[what], "a value"))
		}
	})
	return err
}

// blankHints say what is wanted, by the words for values in the help.
var blankHints = map[string]string{"NAME": "a name", "ID": "the record's ID or path", "TIME": "a time", "DAY": "a day", "DIR": "a folder", "FILE": "a file", "ADDRESS": "an address"}

// onlyOnce makes options with one value refuse a second, another one: the first would be
// dropped, and nothing said.
func onlyOnce(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() == "string" {
			f.Value = &once{Value: f.Value}
		}
	})
	for _, below := range cmd.Commands() {
		onlyOnce(below)
	}
}

type once struct {
	pflag.Value
	given bool
}

func (o *once) Set(value string) error {
	if o.given && value != o.Value.String() {
		return fmt.Errorf("%q was given before, and there can be one", o.Value.String())
	}
	o.given = true
	return o.Value.Set(value)
}

// nothingBehindDashes refuses arguments behind "--" where no command takes them.
// Cobra would leave them out and say nothing.
func nothingBehindDashes(root *cobra.Command, args []string) error {
	at := slices.Index(args, "--")
	if at < 0 || at == len(args)-1 {
		return nil
	}
	if meant, _, err := root.Find(args); err != nil || meant != root {
		return nil
	}
	return &UsageError{Command: root.CommandPath(), err: fmt.Errorf("nothing is read behind --, got %q; leave the -- out", args[at+1])}
}

// Alone is a command without arguments, which does run.
func Alone(cmd *cobra.Command, run func(context.Context) error) *cobra.Command {
	cmd.Args, cmd.ValidArgsFunction = NoArguments, cobra.NoFileCompletions
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return run(cmd.Context()) }
	return cmd
}

// NoArguments refuses arguments as wrong usage.
func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usagef("%s takes no arguments, got %q%s", cmd.Name(), args[0], optionFor(cmd, args[0]))
	}
	return nil
}

// optionFor names the options that a word without one may be the value of.
func optionFor(cmd *cobra.Command, word string) string {
	var names []string
	for _, kind := range [][]string{{"service", "environment"}, {"status"}, {"reason"}, {"record"}, {"port"}, {"output"}} {
		digit := word != "" && '0' <= word[0] && word[0] <= '9'
		for _, name := range kind {
			if cmd.Flags().Lookup(name) != nil && (name != "port" || digit) {
				names = append(names, "--"+name+" "+word)
			}
		}
		if record := cmd.Flags().Lookup("record"); digit && record != nil {
			names = []string{"--record " + word}
		}
		if len(names) > 0 {
			return "; did you mean " + strings.Join(names, " or ") + "?"
		}
	}
	return ""
}

// SuggestFlag makes a flag that cannot be read wrong usage, and says what was
// probably meant.
func SuggestFlag(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return Usage(invalidValue(invalid))
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		near := text.Nearest(unknown.GetSpecifiedName(), names)
		if begun := slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, unknown.GetSpecifiedName()) }); near == "" && len(begun) == 1 {
			near = begun[0]
		}
		if near != "" {
			err = fmt.Errorf("%w; did you mean --%s?", err, near)
		}
	}
	if unknown != nil && cmd.Flags().Lookup(unknown.GetSpecifiedShortnames()) != nil {
		err = fmt.Errorf("%w; did you mean --%s?", err, unknown.GetSpecifiedShortnames())
	} else if unknown != nil && unknown.GetSpecifiedShortnames() != "" && cmd.HasParent() && takesWords(cmd) {
		before := cmd.CommandPath()
		if !strings.ContainsAny(cmd.Use, "[<") { // another word comes first
			before += " …"
		}
		err = fmt.Errorf("%w; words that begin with - go behind --: %s -- -%s", err, before, unknown.GetSpecifiedShortnames())
	}
	return Usage(err)
}

// takesWords reports whether words stand behind a command, and not its flags alone.
func takesWords(cmd *cobra.Command) bool {
	_, behind, _ := strings.Cut(cmd.Use, " ")
	return behind != "" && !strings.HasPrefix(behind, "-")
}

// invalidValue says what a flag wants, in the place of Go's words for what it got.
func invalidValue(err *pflag.InvalidValueError) error {
	f := err.GetFlag()
	name, _ := pflag.UnquoteUsage(f)
	wants := map[string]string{"int": "a number", "bool": "true or false", "stringToString": name}[f.Value.Type()]
	if wants == "" {
		return err
	}
	return fmt.Errorf("--%s wants %s, not %q", f.Name, wants, err.GetValue())
}
