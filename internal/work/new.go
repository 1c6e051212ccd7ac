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
	"time"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/briefing"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// New is the record of a deployment that starts now. What nobody says is left to
// git, the clock and the configuration.
type New struct {
	Env *cli.Env

	// What somebody says, as the options of the command.
	Services, Deployers, Tags   []string
	Environment, Version, Title string
	RollbackOf, Fixes           string // records, by ID or the begin of it
	ApprovedBy                  []string
	Template, Dir               string // paths as seen from -C; "" are the configured ones
	NoGit, NoBriefing           bool
	IsNew                       bool // names that no record has are meant

	// What [New.Prepare] finds.
	Project  *project.Project
	Draft    records.Draft
	Content  []byte             // of the record
	Briefing *briefing.Briefing // nil where none is wanted

	repo        *git.Repo                // nil where git is not asked, as is changedCode
	repoService string                   // the service by the repository's name
	folder      bool                     // which is only that of its folder
	values      map[string][]string      // by key, what [New.Values] found
	isBuiltIn   bool                     // the project has no checklist
	noSteps     []problem.Problem        // with a checklist in which none is found
	changedCode func() ([]string, error) // waits for the files that differ from the commit
}

// Prepare puts the record together and writes nothing. What is worth a warning is
// said.
func (n *New) Prepare(ctx context.Context, started time.Time) (err error) {
	if n.Project, err = OpenProject(n.Env, "nothing was started"); err != nil {
		return err
	}
	template, err := n.readTemplate()
	if err != nil {
		return err
	}
	past := n.readAhead()
	if err := n.settleNames(ctx); err != nil {
		return err
	}
	if err := n.settleRecords(); err != nil {
		return err
	}
	if n.Draft, err = n.draft(ctx, started); err != nil {
		return err
	}
	n.tellBuiltIn()
	n.Draft.Back = n.back()
	if n.Content, err = records.Compose(template, n.Draft); err != nil {
		return err
	}
	for _, found := range n.noSteps {
		n.Env.Tell("%s", found)
	}
	n.brief(ctx, past, template)
	n.addBriefing()
	return errors.Join(n.warnOfLaterCommit(ctx), n.warnOfChanges(ctx))
}

// Create writes the record.
func (n *New) Create() (path string, err error) {
	dir, err := n.recordsDir()
	if err != nil {
		return "", err
	}
	path, err = store.Create(dir, n.Draft.Started, n.Content)
	if err != nil {
		return "", fmt.Errorf("the record cannot be written: %w; nothing is left of it; correct that, or give another folder with --dir", err)
	}
	return path, nil
}

// FolderService is the service, where it is named after nothing but the folder and
// was never deployed before; else "".
func (n *New) FolderService() string {
	if n.folder && len(n.Services) == 0 && n.Project.Config.Service == "" && !n.Briefing.KnowsService() {
		return n.repoService
	}
	return ""
}

// maxTemplate is the largest checklist that is read, in bytes.
const maxTemplate = 1 << 20

// readTemplate reads the checklist and refuses one that no record can be made of.
func (n *New) readTemplate() ([]byte, error) {
	path, source, err := n.templateFile()
	switch {
	case errors.Is(err, fs.ErrNotExist) && n.Template == "" && !n.Project.Names("template"):
		return n.builtIn(), nil
	case errors.Is(err, fs.ErrNotExist) && n.Template == "":
		return nil, n.Project.Mistake("template", "there is no file "+n.Project.Config.Template, "write it, correct the path, or name another by --template")
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no template %s; write one, or point --template at yours", cli.Shown(path))
	case err != nil:
		return nil, fmt.Errorf("the template cannot be read: %w", err)
	}
	failed := false
	template := records.ParseTemplate(filepath.ToSlash(cli.Shown(path)), source, records.Options{})
	for _, found := range template.Problems {
		switch {
		case found.Severity == problem.Error:
			n.Env.Tell("%s", found)
			failed = true
		case len(template.Steps) == 0:
			n.noSteps = append(n.noSteps, found)
		}
	}
	if failed {
		n.Env.Tell("deploystart: nothing was started; correct the template first")
		return nil, cli.ErrReported
	}
	return source, nil
}

// back is the way from the record's folder to the checklist's, by which the links in
// the record lead where those of the checklist do. It is "" for a checklist that is
// from elsewhere: its links lead nowhere in the project.
func (n *New) back() string {
	path, dir := n.Project.TemplateFile(), n.Project.RecordsDir()
	if n.Template != "" {
		path = n.absolute(n.Template)
		if within, err := filepath.Rel(n.Project.Root, path); err != nil || !filepath.IsLocal(within) {
			return ""
		}
	}
	if n.Dir != "" {
		dir = n.absolute(n.Dir)
	}
	back, _ := filepath.Rel(dir, filepath.Dir(path))
	return filepath.ToSlash(back)
}

func (n *New) absolute(path string) string {
	path, _ = filepath.Abs(n.Env.Path(path)) // where that fails, nothing is found there either
	return path
}

// templateFile reads the checklist that somebody names, or else the configured one.
func (n *New) templateFile() (path string, source []byte, err error) {
	path = n.Project.TemplateFile()
	if n.Template == "" {
		source, err = n.Project.ReadDocument(n.Project.Config.Template, maxTemplate)
	} else {
		path = n.Env.Path(n.Template)
		source, err = disk.ReadFile(path, maxTemplate)
	}
	switch {
	case errors.As(err, new(disk.NotRegular)):
		err = fmt.Errorf("%s is not a file; name a Markdown file, such as docs/deployment-checklist.md", cli.Shown(path))
	case errors.As(err, new(disk.TooLarge)):
		err = fmt.Errorf("%s is larger than %d MiB", cli.Shown(path), maxTemplate>>20)
	}
	return path, source, err
}

// builtIn is the checklist of a team that has none yet. It is not written into
// the project: whether it is theirs, they decide.
func (n *New) builtIn() []byte {
	n.isBuiltIn = true
	return adopt.Checklist()
}

// tellBuiltIn says that the checklist is nobody's, and how to have one.
func (n *New) tellBuiltIn() {
	if !n.isBuiltIn {
		return
	}
	name := n.Project.Config.Template
	if top, below := n.Project.Repository(); below != "." {
		shared := strings.Repeat("../", strings.Count(below, "/")+1) + name
		if info, err := os.Stat(filepath.Join(top, filepath.FromSlash(name))); err == nil && info.Mode().IsRegular() {
			n.Env.Tell("There is no %s in this folder: this record starts from the built-in checklist; template = %q in %s takes that of the whole repository.", name, shared, project.ConfigName)
			return
		}
	}
	for _, dir := range []string{path.Dir(name), "."} {
		files, _ := fs.Glob(os.DirFS(n.Project.Root), path.Join(dir, "*.[mM][dD]")) // where a folder cannot be read, nothing is found
		for _, file := range files {
			if strings.Contains(strings.ToLower(path.Base(file)), "checklist") {
				n.Env.Tell("There is no %s: this record starts from the built-in checklist. If %s is yours, put template = %q into %s.", name, file, file, project.ConfigName)
				return
			}
		}
	}
	n.Env.Tell("There is no %s yet: this record starts from the built-in checklist; deploysite init makes one that is yours.", name)
}

// WarnUnlisted says where records that a command writes are not on the project's site.
func WarnUnlisted(env *cli.Env, p *project.Project) {
	listed := func(src project.Source) bool { return path.Clean(src.Path) == "." }
	if len(p.Config.Sources) > 0 && !slices.ContainsFunc(p.Config.Sources, listed) {
		env.Tell("warning: the site does not show the records in %s, since %s lists other sources alone; call this in the folder of a source, or add a [[source]] with path = \".\" and a name",
			p.Config.Records, project.ConfigName)
	}
}

// recordsDir is the folder to write to. The configured one must not lead out of
// the project through a symbolic link; it is made here, where that is checked.
func (n *New) recordsDir() (string, error) {
	if n.Dir != "" {
		return n.Env.Path(n.Dir), nil
	}
	root, err := os.OpenRoot(n.Project.Root)
	if err != nil {
		return "", err
	}
	defer root.Close()
	name := filepath.FromSlash(n.Project.Config.Records)
	if err := root.MkdirAll(name, 0o777); err != nil {
		return "", noFolder(err)
	}
	if _, err := root.Stat(name); err != nil { // MkdirAll is content with a link to somewhere
		return "", noFolder(err)
	}
	return n.Project.RecordsDir(), nil
}

func noFolder(err error) error {
	return fmt.Errorf("there is no folder for the record: %w; give one with --dir, or records in %s", err, project.ConfigName)
}
