package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// work is one call of a command on a record that is there already, and what all
// of these commands are told.
type work struct {
	env *cli.Env

	name string // --record: an ID, a file's name, or a path; "" is the current record
	by   string // --by
	json bool
}

func (w *work) addFlags(cmd *cobra.Command) *pflag.FlagSet {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&w.name, "record", "", "the record, by `ID` or path; default: the newest unfinished one of yours")
	_ = cmd.RegisterFlagCompletionFunc("record", w.completeRecord) // fails only if there is no such flag
	return flags
}

func (w *work) addBy(flags *pflag.FlagSet) {
	flags.StringVar(&w.by, "by", "", "who does it, `NAME`; default: git's user.name")
}

func (w *work) addJSON(flags *pflag.FlagSet) {
	flags.BoolVar(&w.json, "json", false, "print what was done as JSON")
}

// job is a record to work on, and who does.
type job struct {
	*work
	project *project.Project
	file    store.File
	record  *records.Record // as it is on the disk
	me      string          // one name a person; "" where nobody knows
}

// find finds the record: the one that --record names, else the current one.
func (w *work) find(ctx context.Context) (*job, error) {
	j, err := w.begin(ctx)
	if err != nil {
		return nil, err
	}
	if w.name != "" {
		err = j.named(w.name)
	} else {
		err = j.current()
	}
	return j, err
}

// begin is a job without a record yet.
func (w *work) begin(ctx context.Context) (*job, error) {
	p, err := openProject(w.env, "nothing was done")
	if err != nil {
		return nil, err
	}
	me, err := w.who(ctx, p)
	return &job{work: w, project: p, me: me}, err
}

// who is the one who works here: as --by says, else as git knows. Without git
// nobody is known.
func (w *work) who(ctx context.Context, p *project.Project) (string, error) {
	if w.by != "" {
		return p.Config.Person(w.by), nil
	}
	repo, err := git.Open(p.Root)
	if errors.Is(err, git.ErrNotRepository) || errors.Is(err, git.ErrNoGit) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	author, err := repo.Author(ctx)
	if err != nil || author.Name == "" {
		return "", err
	}
	return p.Config.Person(author.Name), nil
}

// folder is the project's folder of records. Its names are read through the
// project's root, where a symbolic link that leads out of it is noticed.
func (j *job) folder() store.Folder {
	return store.Folder{FS: os.DirFS(j.project.Root), Dir: j.project.Config.Records, Options: j.project.Options(), Now: j.env.Now()}
}

// take opens a file of the project's folder, by its path in there.
func (j *job) take(name string) error {
	return j.open(filepath.Join(j.project.RecordsDir(), filepath.FromSlash(name)), path.Join(j.project.Config.Records, name))
}

func (j *job) open(file, name string) (err error) {
	j.file = store.File{Path: file, Name: name, Options: j.project.Options(), Waiting: func() {
		j.env.Tell("Waiting for another command that changes a record here …")
	}}
	j.record, err = j.file.Read()
	return err
}

// named finds the record that --record names.
func (j *job) named(name string) error {
	if file := j.env.Path(name); isFile(file) {
		return j.open(file, filepath.ToSlash(cli.Shown(file)))
	}
	names, err := j.folder().Names()
	if err != nil {
		return err
	}
	found := matching(names, filepath.Base(name))
	switch len(found) {
	case 0:
		return cli.Usagef("there is no record %s in %s", name, j.project.Config.Records)
	case 1:
		return j.take(found[0])
	}
	j.env.Tell("deploystart: %d records begin with %s:", len(found), name)
	for _, name := range found[:min(len(found), maxListed)] {
		j.env.Tell("  %s", idOf(name))
	}
	return cli.ErrReportedUsage
}

// matching are the files that are called by a word: as an ID or a file's name,
// or else by its begin.
func matching(names []string, word string) (found []string) {
	for _, name := range names {
		if path.Base(name) == word || idOf(name) == word {
			return []string{name}
		}
		if strings.HasPrefix(path.Base(name), word) || strings.HasPrefix(idOf(name), word) {
			found = append(found, name)
		}
	}
	return found
}

func isFile(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

func idOf(name string) string {
	id, _, _ := records.ParsePath(name)
	return id
}

// maxListed is how many records are listed; who wants more looks at the site.
const maxListed = 12

// current finds the record that is being worked on. It is never guessed.
func (j *job) current() error {
	choice, err := j.folder().Current(j.me, j.project.Config.Person)
	switch {
	case err != nil:
		return err
	case choice.Record != nil:
		return j.take(choice.Record.Name)
	case len(choice.Candidates) == 0:
		return j.none()
	}
	j.list(choice.Candidates)
	return cli.ErrReportedUsage
}

// errNone says that there is no record in progress.
var errNone = errors.New("no record is in progress")

func (j *job) none() error {
	hint := "deploystart begins one"
	if names, err := j.folder().Names(); err == nil && len(names) > 0 {
		hint += ", --record names an old one; the newest is " + idOf(names[0])
	}
	return fmt.Errorf("%w in %s; %s", errNone, j.project.Config.Records, hint)
}

// list tells which records could be meant, and why none of them is.
func (j *job) list(candidates []store.Open) {
	j.env.Tell("deploystart: %s. Say which with --record ID:", j.why(candidates))
	for _, o := range candidates[:min(len(candidates), maxListed)] {
		j.env.Tell("  %s  %s", o.ID(), j.describe(o))
	}
	if more := len(candidates) - maxListed; more > 0 {
		j.env.Tell("  and %d older ones", more)
	}
}

func (j *job) why(candidates []store.Open) string {
	broken := slices.ContainsFunc(candidates, func(o store.Open) bool { return o.Trouble != nil })
	switch {
	case len(candidates) == 1 && broken:
		return "a record may be in progress, but it cannot be read"
	case len(candidates) == 1:
		return "a record is in progress, but it is not yours"
	case broken:
		return "several records may be in progress"
	case j.me == "":
		return "several records are in progress, and nobody knows who you are; say it with --by NAME"
	}
	return "several records are in progress"
}

func (j *job) describe(o store.Open) string {
	if o.Trouble != nil {
		return o.Trouble.String()
	}
	return text.Cut(o.Record.Title.Value, 60) + j.byWhom(o.Record)
}

// byWhom is ", by Ada Park", or "" where nobody is named.
func (j *job) byWhom(r *records.Record) string {
	var names []string
	for _, name := range r.Deployers {
		names = append(names, j.project.Config.Person(name.Value))
	}
	if len(names) == 0 {
		return ""
	}
	return ", by " + strings.Join(names, ", ")
}

// change makes a change to the record on the disk and keeps what is there then.
func (j *job) change(ctx context.Context, change records.Change) (before *records.Record, err error) {
	before, after, err := j.file.Change(ctx, change)
	if err != nil {
		return nil, err
	}
	j.record = after
	return before, nil
}

// path is where the record is, as seen from the folder that the command was
// called in.
func (j *job) path() string { return cli.Shown(j.file.Path) }

// workJSON is what each command prints of the record with --json.
type workJSON struct {
	ID     string `json:"id"`
	Path   string `json:"path"` // relative to the folder the command was called in
	Title  string `json:"title"`
	Status string `json:"status"`
}

func (j *job) result() workJSON {
	return workJSON{j.record.ID, j.path(), j.record.Title.Value, string(j.record.Status)}
}

// completeRecord completes --record, the newest first.
func (w *work) completeRecord(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	p, _, err := project.OpenAlone(w.env.Dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names, err := (&job{work: w, project: p}).folder().Names()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	const newest = 50
	var ids []string
	for _, name := range names[:min(len(names), newest)] {
		ids = append(ids, idOf(name))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
