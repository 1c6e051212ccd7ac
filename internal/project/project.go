// Package project finds a project's root and reads its configuration,
// deploysite.toml. Both are optional: a folder with Markdown in it is a project.
//
//	p, problems, err := project.Open(".")
//	if err != nil {
//		return err // the folder cannot be read
//	}
//	for _, problem := range problems {
//		fmt.Fprintln(os.Stderr, problem)
//	}
//	history, err := store.Load(ctx, os.DirFS(p.Root), p.Config.Records, p.Options(), nil)
package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/themes"
)

// ConfigName is the name of the configuration file, at the project's root.
const ConfigName = "deploysite.toml"

// Project is a folder with records and what its owners configured.
type Project struct {
	Root       string // absolute path
	Config     Config
	ConfigFile string // absolute path, "" where there is none

	Source   Source            // where it is a source: its [[source]] table
	Problems []problem.Problem // where it is a source: of its own configuration
	sources  []*Project

	hints     map[string]bool
	readHints sync.Once
}

// Open finds the project that dir belongs to and reads its configuration, and
// those of its sources. Of dir and the folders above it, up to the top of the git
// repository, the root is the nearest with a deploysite.toml; else the nearest
// with records or a template in their usual place; else the repository's top;
// else dir itself.
//
// What is wrong with the configuration becomes problems; those keys keep their
// defaults. An error means that dir or the configuration cannot be read at all.
func Open(dir string) (*Project, []problem.Problem, error) {
	p, problems, err := OpenAlone(dir)
	if err == nil {
		problems = p.openSources(problems)
	}
	return p, problems, err
}

// OpenAlone is [Open] without the sources. It is for commands that write records:
// they work even if a source is not checked out.
func OpenAlone(dir string) (*Project, []problem.Problem, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("there is no folder %s; -C names that of your project", dir)
	} else if err != nil {
		return nil, nil, err
	} else if !info.IsDir() {
		return nil, nil, fmt.Errorf("%s is not a folder", dir)
	}
	p := &Project{Root: findRoot(dir), Config: Default()}
	source, err := readConfig(filepath.Join(p.Root, ConfigName))
	if errors.Is(err, fs.ErrNotExist) {
		if link := filepath.Join(p.Root, ConfigName); isThere(link) {
			return nil, nil, fmt.Errorf("%s is a symbolic link to a file that is not there; put the file itself there", link)
		}
		return p, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	p.ConfigFile = filepath.Join(p.Root, ConfigName)
	var problems []problem.Problem
	p.Config, problems, p.Problems = parseMasked(Default(), ConfigName, source)
	if problems = append(problems, p.checkShared()...); len(problems) > 0 {
		problems = p.AndMissing(problems)
	}
	return p, problems, nil
}

// Configure reads the configuration anew, from another source than the disk.
func (p *Project) Configure(source []byte) (problems []problem.Problem) {
	p.sources = nil
	p.Config, problems = ParseConfig(Default(), ConfigName, source)
	return p.openSources(append(problems, p.checkShared()...))
}

func findRoot(dir string) string {
	folders, top := upToRepository(dir)
	for _, folder := range folders {
		if hasAny(folder, ConfigName) {
			return folder
		}
	}
	if top == "" {
		return dir // records in somebody's home are not those of each folder below
	}
	usual := Default()
	for _, folder := range folders {
		if hasAny(folder, usual.Records, usual.Template) {
			return folder
		}
	}
	return top
}

// upToRepository lists dir and the folders above it, up to the top of the git
// repository. Outside of a repository top is "", and all folders above are listed.
func upToRepository(dir string) (folders []string, top string) {
	for folder := dir; ; folder = filepath.Dir(folder) {
		folders = append(folders, folder)
		if hasAny(folder, ".git") {
			return folders, folder
		}
		if filepath.Dir(folder) == folder {
			return folders, ""
		}
	}
}

func hasAny(folder string, names ...string) bool {
	for _, name := range names {
		if isThere(filepath.Join(folder, filepath.FromSlash(name))) {
			return true
		}
	}
	return false
}

// isThere is true also for a symbolic link that leads nowhere.
func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Path is the absolute path of a file that is named relative to the root, as
// those in the configuration are.
func (p *Project) Path(name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(p.Root, name)
}

// RecordsDir is the absolute path of the folder with the records.
func (p *Project) RecordsDir() string { return p.Path(p.Config.Records) }

// TemplateFile is the absolute path of the checklist that a record starts from.
func (p *Project) TemplateFile() string { return p.Path(p.Config.Template) }

// ProcessFile is the absolute path of the document that describes the process.
func (p *Project) ProcessFile() string { return p.Path(p.Config.Process) }

// OutputDir is the absolute path of the folder that the site goes to.
func (p *Project) OutputDir() string { return p.Path(p.Config.Output) }

// Inputs lists the files and folders that the project's site is made of, as
// absolute paths; a folder stands for everything in it. Some may not exist yet.
func (p *Project) Inputs() []string {
	all := []string{p.Path(ConfigName), p.Path("themes")}
	for _, src := range p.Sources() {
		all = append(all, src.Path(ConfigName), src.RecordsDir(), src.TemplateFile(), src.ProcessFile())
	}
	if p.Config.Documents != "" {
		all = append(all, p.Path(p.Config.Documents))
	}
	return append(all, p.Path(Reviews))
}

// Reviews is the folder of a project's quarterly reviews.
const Reviews = "docs/reviews"

// With is the project with another configuration of itself.
func (p *Project) With(config Config) *Project {
	return &Project{Root: p.Root, Config: config, ConfigFile: p.ConfigFile, Source: p.Source, Problems: p.Problems, sources: p.sources}
}

// Options returns what the project's records may leave out, and what in them is the
// checklist's own. The checklist is read once.
func (p *Project) Options() records.Options {
	p.readHints.Do(func() {
		if source, err := p.ReadDocument(p.Config.Template, records.MaxSize); err == nil { // a build says what is wrong with it
			p.hints = records.HintsOf(records.ParseTemplate(p.Config.Template, source, records.Options{}))
		}
	})
	return records.Options{Location: p.Config.Location, Service: p.Config.Service, Dir: p.Config.Records, Hints: p.hints,
		Documents: []string{p.Config.Template, p.Config.Process}}
}

// SecretFinder finds secrets, but for those that the configuration allows.
func (p *Project) SecretFinder() secrets.Finder {
	return secrets.Finder{Allow: p.Config.Secrets.Allow}
}

// Files are the project's files, without what is secret.
func (p *Project) Files() *secrets.Files {
	return &secrets.Files{FS: os.DirFS(p.Root), Finder: p.SecretFinder()}
}

// AndMissing adds to the mistakes of a configuration what its other keys name and is not
// there, so that all are told at once.
func (p *Project) AndMissing(all problem.List) problem.List {
	c := p.Config
	keys := []struct{ key, file, message, hint string }{
		{"theme", "themes/" + c.Theme, "there is no folder themes/" + c.Theme, NoTheme},
		{"documents", c.Documents, "there is no folder " + c.Documents, NoFolder},
		{"records", c.Records, "there is no folder " + c.Records, NoFolder},
		{"template", c.Template, "there is no file " + c.Template, NoFile},
		{"process", c.Process, "there is no file " + c.Process, NoFile},
	}
	if len(c.Sources) > 0 {
		keys = keys[:2] // the others are of each source
	}
	for _, k := range keys {
		told := slices.ContainsFunc(all, func(of problem.Problem) bool { return of.File == ConfigName && of.Line == c.keys.at(k.key).line })
		if _, builtIn := themes.BuiltIn(c.Theme); c.Names(k.key) && !told && !p.Exists(k.file) && (k.key != "theme" || !builtIn) {
			all = append(all, p.Mistake(k.key, k.message, k.hint)...)
		}
	}
	problem.Sort(all)
	return all
}

// What to do about a name in the configuration that nothing has.
var (
	NoFile   = "write it, or correct the path"
	NoFolder = "correct it, or make the folder"
	NoTheme  = "make it, take one of " + strings.Join(themes.Names, ", ") + ", or take theme out"
)

// CheckRecordsDir reports a missing folder of records, so that a mistyped name does
// not empty the site. If the project has not configured the folder, that is no error
// but a note for people.
func (p *Project) CheckRecordsDir() (note string, err error) {
	if p.HasSources() {
		return "", nil // opening the project looked for their folders
	}
	info, err := os.Stat(p.RecordsDir())
	switch {
	case err == nil && !info.IsDir():
		return "", p.AndMissing(p.Mistake("records", p.Config.Records+" is not a folder", "name a folder; records are read from one"))
	case err == nil:
		return "", nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	case p.Names("records"):
		return "", p.AndMissing(p.Mistake("records", "there is no folder "+p.Config.Records, NoFolder))
	}
	if p.ConfigFile == "" && !hasAny(p.Root, ".git", ".github", "mise.toml", ".mise.toml", p.Config.Template, p.Config.Process) {
		return "", fmt.Errorf("%s has nothing of a project: no %s, no checklist and no git repository; go to yours, or name it with -C", p.Root, p.Config.Records)
	}
	return fmt.Sprintf("there is no folder %s yet; deploystart writes the first record into it", p.Config.Records), nil
}
