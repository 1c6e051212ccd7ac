// Package work holds what the commands of deploystart do with a record. A [New] is a
// record that does not exist yet: it is put together from what git, the configuration and
// earlier records tell, and written with its briefing. A [Job] is a record that exists:
// the package finds it, changes it on the disk, asks for what is missing, and commits it.
//
//	job, err := work.Begin(ctx, env, "Ada Park")
//	if err == nil {
//		err = job.Current()
//	}
//	_, err = job.Change(ctx, records.AddNote(records.Tips, note))
//
// What it says to people goes to the environment of the command; see package cli.
package work

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
	"sync"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// Job is a record to work on, and who does.
type Job struct {
	Env     *cli.Env
	Project *project.Project
	File    store.File
	Record  *records.Record // as it is on the disk
	Me      string          // one name a person; "" where nobody knows

	shown, shownOf *records.Record // see Shown

	files *secrets.Files // the project, without secrets, nor files with one in their names
}

// Begin is a job without a record yet. by names the one who does it; where it is
// "", git does.
func Begin(ctx context.Context, env *cli.Env, by string) (*Job, error) {
	p, err := OpenProject(env, "nothing was done")
	if err != nil {
		return nil, err
	}
	me, err := who(ctx, env, p, by)
	return &Job{Env: env, Project: p, Me: me}, err
}

// who is the one who works here: as they say, else as git knows. Where git tells
// nothing, nobody is known.
func who(ctx context.Context, env *cli.Env, p *project.Project, by string) (string, error) {
	if by != "" {
		return p.Config.Person(by), nil
	}
	repo, err := git.Find(p.Root)
	if git.Unavailable(err) {
		env.Tell("Git does not say who you are, and --by NAME does: %v.", err)
		return "", nil
	}
	if repo == nil {
		return "", err
	}
	author, err := repo.Author(ctx)
	if err != nil || author == "" {
		return "", err
	}
	return p.Config.Person(author), nil
}

// Folder is the project's folder of records, without their secrets. Its names are read
// through the project's root, where a symbolic link that leads out of it is noticed.
func (j *Job) Folder() store.Folder {
	if j.files == nil {
		j.files = j.Project.Files()
	}
	return store.Folder{FS: j.files, Heads: j.files.FS, Dir: j.Project.Config.Records, Options: j.Project.Options(), Now: j.Env.Now()}
}

// take opens a file of the project's folder, by its path in there.
func (j *Job) take(name string) error {
	return j.open(filepath.Join(j.Project.RecordsDir(), filepath.FromSlash(name)), path.Join(j.Project.Config.Records, name))
}

func (j *Job) open(file, name string) (err error) {
	if rules := j.Secrets([]byte(name)); len(rules) > 0 {
		return fmt.Errorf("%s: its name holds what looks like a secret (%s); rename it", j.Env.Hide(name), rules[0].Rule)
	}
	j.File = store.File{Path: file, Name: name, Options: j.Project.Options(), UndoDir: store.UndoFolder(), Tell: func(what string) { j.Env.Tell("%s", what) }}
	record, err := j.File.Read()
	j.keep(record, nil)
	return err
}

// keep keeps the record as it is on the disk. What is told has none of its secrets, nor
// of those that it had before.
func (j *Job) keep(record, former *records.Record) {
	j.Record = record
	hider := sync.OnceValue(func() func(string) string { return j.Project.SecretFinder().Hider(sources(record, former)) })
	j.Env.Hide = func(told string) string { return hider()(told) }
}

// Shown is a record without its secrets, to be told of.
func (j *Job) Shown(r *records.Record) *records.Record {
	if j.shownOf == r {
		return j.shown
	}
	j.shown, j.shownOf = r, r
	if masked := secrets.Mask(r.Source, j.Secrets(r.Source)); len(masked.Found) > 0 {
		j.shown = records.Parse(r.File, masked.Source, j.Project.Options())
	}
	return j.shown
}

func sources(all ...*records.Record) (joined []byte) {
	for _, r := range all {
		if r != nil {
			joined = append(append(joined, r.Source...), '\n')
		}
	}
	return joined
}

// Named finds a record by its ID, the begin of that, or its path. A file that is no record
// of the project is not taken: a slip must not write into it.
func (j *Job) Named(name string) error {
	names, err := j.Folder().Names()
	if err != nil {
		return err
	}
	file := j.Env.Path(name)
	if info, err := os.Lstat(file); err == nil {
		if !info.Mode().IsRegular() {
			return j.open(file, filepath.ToSlash(cli.Shown(file))) // which says why it is not read
		}
		in := func(folder string) fs.FileInfo { // the file itself is another one once somebody changes it
			info, _ := os.Stat(folder)
			return info
		}
		for _, known := range names {
			if path.Base(known) == filepath.Base(file) && os.SameFile(in(filepath.Dir(file)), in(filepath.Join(j.Project.RecordsDir(), filepath.FromSlash(path.Dir(known))))) {
				return j.take(known)
			}
		}
		j.tellHidden()
		return cli.Usagef("%s is no record; records are in %s, and --record takes the ID of one or its path", name, j.Project.Config.Records)
	}
	found := store.Called(names, filepath.Base(name))
	switch len(found) {
	case 0:
		j.tellHidden()
		return cli.Usage(noRecord(name, j.Project.Config.Records))
	case 1:
		return j.take(found[0])
	}
	j.Env.Tell("deploystart: %d records begin with %s:", len(found), name)
	for _, name := range found[:min(len(found), maxListed)] {
		j.Env.Tell("  %s", store.ID(name))
	}
	return cli.ErrReportedUsage
}

// noRecord says how one is found that somebody named, and that is not there.
func noRecord(name, folder string) error {
	return fmt.Errorf("there is no record %s in %s; deploysite history lists those that are, and deploysite check says which files are not read", name, folder)
}

// maxListed is how many records are listed; who wants more looks at the site.
const maxListed = 12

// Current finds the record that is being worked on. It is never guessed.
func (j *Job) Current() error {
	choice, err := j.Folder().Current(j.Me, j.Project.Config.Person)
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

func (j *Job) none() error {
	j.tellHidden()
	if _, err := os.Stat(j.Project.RecordsDir()); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s, so no record is in progress; go to your project, or name it with -C; deploystart begins the first record", j.Project.RecordsDir())
	}
	hint := "deploystart begins one"
	if names, err := j.Folder().Names(); err == nil && len(names) > 0 {
		if old := j.newestBegun(names); old != "" {
			hint += ", --record names an old one; the newest is " + old
		} else {
			hint += ", --record names one that is planned, such as " + store.ID(names[0]) + "; the clock says " + j.Env.Now().Format("2006-01-02 15:04")
		}
	}
	return fmt.Errorf("no record is in progress in %s; %s", j.Project.Config.Records, hint)
}

// newestBegun is the ID of the newest record by its name that is no plan, "" where all are.
func (j *Job) newestBegun(names []string) string {
	for _, name := range names {
		if r, err := j.Folder().Read(name); err != nil || !r.IsPlanned(j.Env.Now()) {
			return store.ID(name)
		}
	}
	return ""
}

// tellHidden names the records that are not read because of their names.
func (j *Job) tellHidden() {
	for _, p := range j.files.Hidden() {
		j.Env.Tell("%s", p)
	}
}

// list tells which records could be meant, and why none of them is.
func (j *Job) list(candidates []store.Open) {
	j.Env.Tell("deploystart: %s. Say which with --record ID:", j.why(candidates))
	for _, o := range candidates[:min(len(candidates), maxListed)] {
		j.Env.Tell("  %s  %s", o.ID(), j.describe(o))
	}
	if more := len(candidates) - maxListed; more > 0 {
		j.Env.Tell("  and %d older ones", more)
	}
}

func (j *Job) why(candidates []store.Open) string {
	broken := slices.ContainsFunc(candidates, func(o store.Open) bool { return o.Trouble != nil })
	switch {
	case len(candidates) == 1 && broken:
		return "a record may be in progress, but it cannot be read"
	case len(candidates) == 1:
		return "a record is in progress, but it is not yours"
	case broken:
		return "several records may be in progress"
	case j.Me == "":
		return "several records are in progress, and nobody knows who you are; say it with --by NAME"
	}
	return "several records are in progress"
}

func (j *Job) describe(o store.Open) string {
	if o.Trouble != nil {
		return o.Trouble.String()
	}
	return text.Cut(o.Record.Title.Value, 60) + j.ByWhom(o.Record)
}

// ByWhom is ", by Ada Park", or "" where nobody is named.
func (j *Job) ByWhom(r *records.Record) string { return byWhom(j.Project, r) }

func byWhom(p *project.Project, r *records.Record) string {
	var names []string
	for _, name := range r.Deployers {
		names = append(names, p.Config.Person(name.Value))
	}
	if len(names) == 0 {
		return ""
	}
	return ", by " + strings.Join(names, ", ")
}

// Change makes a change to the record on the disk and keeps what is there then.
func (j *Job) Change(ctx context.Context, change records.Change) (before *records.Record, err error) {
	before, after, err := j.File.Change(ctx, change)
	if err != nil {
		return nil, err
	}
	j.keep(after, before)
	return before, nil
}

// Undo takes the last change to the record back, or makes it again, and keeps what is
// there then; see [store.File.Undo].
func (j *Job) Undo(ctx context.Context) (before *records.Record, again bool, err error) {
	before, after, again, err := j.File.Undo(ctx)
	if err != nil {
		return nil, false, err
	}
	j.keep(after, before)
	return before, again, nil
}

// Path is where the record is, as seen from the folder that the command was
// called in.
func (j *Job) Path() string { return cli.Shown(j.File.Path) }

// NewestOfMine finds the newest record of the one who works here.
func (j *Job) NewestOfMine() error {
	names, err := j.Folder().Names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := j.take(name); err != nil {
			return err
		}
		for _, d := range j.Record.Deployers {
			if text.Same(j.Project.Config.Person(d.Value), j.Me) {
				return nil
			}
		}
	}
	return fmt.Errorf("there is no record of yours in %s; name one with --record ID", j.Project.Config.Records)
}

// OpenProject finds the project of a folder. A configuration with a problem
// could send the record to the wrong place, so nothing is done with it.
func OpenProject(env *cli.Env, nothing string) (*project.Project, error) {
	p, problems, err := project.OpenAlone(env.Dir)
	if err != nil {
		return nil, err
	}
	env.Hide = p.SecretFinder().Text
	if err := env.Problems(problems); err != nil {
		env.Tell("deploystart: %s; correct %s first", nothing, cli.Shown(p.ConfigFile))
		return nil, err
	}
	return p, nil
}
