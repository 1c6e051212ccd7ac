package adopt

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/tasks"
)

// pluginURL is where mise finds the plugin: this project.
const pluginURL = "https://github.com/deploysite/deploysite"

// mise reads all of these files, and every file in a folder conf.d. So a project
// that has a mise.toml keeps it unchanged and gets a file in conf.d.
const (
	miseFile  = "mise.toml"
	miseExtra = ".config/mise/conf.d/deploysite.toml"
)

var misePlaces = []string{"mise.toml", ".mise.toml", "mise.local.toml", ".mise.local.toml", "mise/config.toml", ".mise/config.toml",
	".config/mise.toml", ".config/mise/config.toml"}

var miseExtras = []string{".config/mise/conf.d", ".mise/conf.d", "mise/conf.d"}

// miseFiles is what mise reads in a project.
type miseFiles struct {
	files  []string
	ours   string   // the first of them that names deploysite
	broken bool     // ours is not TOML, so its tasks are unknown
	shared bool     // one of them includes the tasks
	writes string   // the file that is planned
	tasks  []string // names of the tasks in all files
}

// miseConfig is as much of mise's file as matters here.
type miseConfig struct {
	Tools      map[string]any `toml:"tools"`
	Plugins    map[string]any `toml:"plugins"`
	Tasks      map[string]any `toml:"tasks"`
	TaskConfig struct {
		Includes []string `toml:"includes"`
	} `toml:"task_config"`
}

func lookAtMise(t *tree) (m miseFiles) {
	names := slices.Clone(misePlaces)
	for _, folder := range miseExtras {
		extras, _ := fs.Glob(t.fsys, folder+"/*.toml") // the pattern has no mistake
		names = append(names, extras...)
	}
	for _, name := range names {
		if t.has(name) && text.Visible(name) == name {
			m.look(t, name)
		}
	}
	return m
}

func (m *miseFiles) look(t *tree, name string) {
	m.files = append(m.files, name)
	source := string(t.read(name))
	var c miseConfig
	if _, err := toml.Decode(source, &c); err != nil { // mise says what is wrong with it
		if strings.Contains(source, "deploysite") && m.ours == "" {
			m.ours, m.broken = name, true
		}
		return
	}
	_, tool := c.Tools["deploysite"]
	_, plugin := c.Plugins["deploysite"]
	shared := strings.Contains(strings.Join(c.TaskConfig.Includes, " "), "deploysite")
	m.shared = m.shared || shared
	if (tool || plugin || shared) && m.ours == "" {
		m.ours = name
	}
	m.tasks = append(m.tasks, slices.Sorted(maps.Keys(c.Tasks))...)
}

// tasks plans the file that gives a team the commands and the tasks.
func (p *planner) tasks() {
	switch {
	case p.mise.ours != "" && p.mise.lacksTasks():
		p.found("mise", p.mise.ours, "has deploysite already, but not its tasks")
		p.mise.writes = miseExtra
		p.file(miseExtra, "gives everybody the tasks", tasks.Block())
		return
	case p.mise.ours != "":
		p.found("mise", p.mise.ours, "has deploysite already")
		return
	case p.facts.Top != nil && miseAbove(p.facts.Top, p.facts.Below) != "":
		p.found("mise", miseAbove(p.facts.Top, p.facts.Below), "has deploysite already; its tasks are used in this folder too")
		return
	case len(p.mise.files) == 0:
		p.mise.writes = miseFile
	default:
		p.mise.writes = miseExtra
		p.found("mise", p.mise.files[0], "mise's file, which stays as it is")
	}
	if f := p.file(p.mise.writes, "gives everybody the commands and the tasks", p.miseContent()); f != nil {
		if !p.facts.NoMise {
			f.next = "mise install   # installs deploystart and deploysite"
		}
		if f.State == Planned && p.toolVersion() == latest {
			p.edit(p.mise.writes, "put a version in place of "+quoted(latest)+" in "+p.mise.writes+", so that everybody has the same: this deploysite is no release, and cannot name one")
		}
	}
	p.sameTasks()
}

// miseAbove is mise's file in a folder above the project that has deploysite, as
// seen from the project, or "". mise reads those of all folders above.
func miseAbove(top fs.FS, below string) string {
	up := ""
	for at := path.Dir(below); ; at = path.Dir(at) {
		up += "../"
		if folder, err := fs.Sub(top, at); err == nil {
			if ours := lookAtMise(&tree{fsys: folder, cache: map[string][]byte{}}).ours; ours != "" {
				return up + ours
			}
		}
		if at == "." {
			return ""
		}
	}
}

func (p *planner) miseContent() string {
	return "# The commands deploystart and deploysite, and the tasks that call them.\n" +
		"[plugins]\ndeploysite = " + quoted(pluginURL) + "\n\n" +
		"[tools]\ndeploysite = " + quoted(p.toolVersion()) + "\n\n" + tasks.Block()
}

// lacksTasks reports whether a project that has the tool has none of the tasks.
func (m *miseFiles) lacksTasks() bool {
	return !m.broken && !m.shared && len(m.sameTasks()) == 0
}

// sameTasks are the tasks that the project has under one of our names.
func (m *miseFiles) sameTasks() (same []string) {
	var ours miseConfig
	if _, err := toml.Decode(tasks.Block(), &ours); err != nil {
		return nil // a test sees to it that there is no mistake
	}
	for _, name := range m.tasks {
		if _, both := ours.Tasks[name]; both {
			same = append(same, name)
		}
	}
	return same
}

func (p *planner) sameTasks() {
	for _, name := range p.mise.sameTasks() {
		p.left("mise", p.mise.files[0], "has a task "+name+" of its own, which stays; call the command instead")
	}
}
