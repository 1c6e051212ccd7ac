package adopt

import (
	"path"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/deploysite/deploysite/tasks"
)

// pluginURL is where mise finds the plugin: this project.
const pluginURL = "https://github.com/deploysite/deploysite"

// Where mise is configured. It reads all of these by itself, and every file in
// conf.d beside the others: so a project that has one keeps it untouched.
const (
	miseFile  = "mise.toml"
	miseExtra = ".config/mise/conf.d/deploysite.toml"
)

var misePlaces = []string{"mise.toml", ".mise.toml", "mise.local.toml", ".mise.local.toml", "mise/config.toml", ".mise/config.toml",
	".config/mise.toml", ".config/mise/config.toml"}

// miseFiles is what mise reads in a project.
type miseFiles struct {
	files  []string
	ours   string // the one that has deploysite
	writes string // the one that is planned
	tasks  []string
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
	for _, name := range misePlaces {
		if t.has(name) {
			m.look(t, name)
		}
	}
	for _, folder := range []string{".config/mise/conf.d", ".mise/conf.d", "mise/conf.d"} {
		for _, name := range t.in(folder) {
			if path.Ext(name) == ".toml" {
				m.look(t, name)
			}
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
			m.ours = name
		}
		return
	}
	_, tool := c.Tools["deploysite"]
	_, plugin := c.Plugins["deploysite"]
	if (tool || plugin || strings.Contains(strings.Join(c.TaskConfig.Includes, " "), "deploysite")) && m.ours == "" {
		m.ours = name
	}
	m.tasks = append(m.tasks, sortedKeys(c.Tasks)...)
}

// tasks plans the file that gives a team the commands and the tasks.
func (p *planner) tasks() {
	switch {
	case p.mise.ours != "":
		p.found("mise", p.mise.ours, "has deploysite already")
		return
	case len(p.mise.files) == 0:
		p.mise.writes = miseFile
	default:
		p.mise.writes = miseExtra
		p.found("mise", p.mise.files[0], "mise's file, which stays as it is")
	}
	if f := p.file(p.mise.writes, "gives everybody the commands and the tasks", p.miseContent()); f != nil {
		f.next = "mise install   # installs deploystart and deploysite"
	}
	p.sameTasks()
}

func (p *planner) miseContent() string {
	return "# The commands deploystart and deploysite, and the tasks that call them.\n" +
		"[plugins]\ndeploysite = " + tomlString(pluginURL) + "\n\n" +
		"[tools]\ndeploysite = " + tomlString(p.toolVersion()) + "\n\n" + tasks.Block()
}

// sameTasks names tasks that the project has under one of our names.
func (p *planner) sameTasks() {
	var ours miseConfig
	if _, err := toml.Decode(tasks.Block(), &ours); err != nil {
		return // a test sees to it that there is no mistake
	}
	for _, name := range p.mise.tasks {
		if _, both := ours.Tasks[name]; both {
			p.left("mise", p.mise.files[0], "has a task "+name+" of its own, which stays; call the command instead")
		}
	}
}
