package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
)

// module is one whose code is compiled into a command.
type module struct{ path, version, dir string }

// modulesOf returns the modules of the commands for any of the targets, sorted.
func modulesOf(targets []string) ([]module, error) {
	const format = `{{with .Module}}{{if not .Main}}{{.Path}}{{"\t"}}{{.Version}}{{"\t"}}{{.Dir}}{{end}}{{end}}`
	var all []module
	for _, target := range targets {
		system, processor, _ := strings.Cut(target, "/")
		out, err := run([]string{"CGO_ENABLED=0", "GOOS=" + system, "GOARCH=" + processor}, "go", "list", "-deps", "-f", format, "./cmd/...")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if f := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(f) == 3 {
				all = append(all, module{f[0], f[1], f[2]})
			}
		}
	}
	slices.SortFunc(all, func(a, b module) int { return cmp.Compare(a.path, b.path) })
	return slices.Compact(all), nil
}

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)([.-].*)?$`)

// licenceFiles are the module's licences and notices, by name.
func (m module) licenceFiles() (map[string][]byte, error) {
	names, err := os.ReadDir(m.dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if name.Type().IsRegular() && licenceName.MatchString(name.Name()) && !strings.HasSuffix(name.Name(), ".go") {
			if files[name.Name()], err = os.ReadFile(filepath.Join(m.dir, name.Name())); err != nil {
				return nil, err
			}
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("the module %s has no licence", m.path)
	}
	return files, nil
}

// known are sentences that only one licence has, with its SPDX identifier. All of these
// allow what we do with them, as long as their text comes along.
var known = []struct{ id, says string }{
	{"Apache-2.0", "apache license version 2.0"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD-3-Clause", "nor the names of its contributors may be used to endorse"},
	{"BSD-3-Clause", "may be used to endorse or promote products derived from this software without specific prior written permission"},
	{"BSD-2-Clause", "redistribution and use in source and binary forms, with or without modification, are permitted"},
}

// licences are the SPDX identifiers of a module's licences, sorted. One that is not
// known has to be read by a person before it is released.
func (m module) licences() (ids []string, err error) {
	files, err := m.licenceFiles()
	if err != nil {
		return nil, err
	}
	for _, text := range files {
		words := strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(string(text)), " ")), ", version", " version")
		three := false // the sentence of BSD-2-Clause is in BSD-3-Clause as well
		for _, k := range known {
			if strings.Contains(words, k.says) && !(k.id == "BSD-2-Clause" && three) {
				ids, three = append(ids, k.id), k.id == "BSD-3-Clause"
			}
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("the licence of %s in %s is none that is known to be fine; read it, and add it to known in internal/release/modules.go", m.path, m.dir)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func listLicences(w io.Writer) error {
	modules, err := modulesOf(targets)
	if err != nil {
		return err
	}
	for _, m := range modules {
		ids, err := m.licences()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-20s %s %s\n", strings.Join(ids, " "), m.path, m.version)
	}
	return nil
}

// addLicences adds each module's, and Go's own, which is that of its module x/sys.
func addLicences(files map[string][]byte, modules []module) error {
	for _, m := range modules {
		if _, err := m.licences(); err != nil {
			return err
		}
		texts, err := m.licenceFiles()
		if err != nil {
			return err
		}
		for name, text := range texts {
			files[path.Join("licences", m.path, name)] = text
			if m.path == "golang.org/x/sys" && name == "LICENSE" {
				files["licences/go/LICENSE"] = text
			}
		}
	}
	return nil
}

// writeSBOM writes which modules the commands are made of. Its serial number comes from
// the commit, so that the same commit gives the same bytes.
func (r release) writeSBOM(output string, modules []module) error {
	const repository = "https://github.com/deploysite/deploysite"
	bom := cyclonedx.NewBOM()
	id := sha256.Sum256([]byte(r.version + r.commit))
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80 // a UUID made of a name
	bom.SerialNumber = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
	product := component("github.com/deploysite/deploysite", "v"+r.version, []string{"MIT"})
	product.Type = cyclonedx.ComponentTypeApplication
	product.ExternalReferences = &[]cyclonedx.ExternalReference{{Type: cyclonedx.ERTypeVCS, URL: repository + "/tree/" + r.commit}}
	bom.Metadata = &cyclonedx.Metadata{Timestamp: r.date.Format("2006-01-02T15:04:05Z"), Component: &product}
	parts, refs := []cyclonedx.Component{}, []string{}
	for _, m := range modules {
		ids, err := m.licences()
		if err != nil {
			return err
		}
		part := component(m.path, m.version, ids)
		parts, refs = append(parts, part), append(refs, part.BOMRef)
	}
	bom.Components = &parts
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: product.BOMRef, Dependencies: &refs}}
	return writeTo(filepath.Join(output, "deploysite_"+r.version+"_sbom.cdx.json"), func(w io.Writer) error {
		return cyclonedx.NewBOMEncoder(w, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
	})
}

func component(path, version string, licences []string) cyclonedx.Component {
	c := cyclonedx.Component{Type: cyclonedx.ComponentTypeLibrary, Name: path, Version: version, PackageURL: "pkg:golang/" + path + "@" + version}
	c.BOMRef = c.PackageURL
	all := cyclonedx.Licenses{}
	for _, id := range licences {
		all = append(all, cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: id}})
	}
	c.Licenses = &all
	return c
}
