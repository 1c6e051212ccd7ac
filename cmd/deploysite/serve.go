package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/serve"
)

func serveCommand(env *cli.Env) *cobra.Command {
	var opt serve.Options
	cmd := cli.Alone(&cobra.Command{
		Use:   "serve",
		Short: "Show the site on this machine, always as the records are now",
		Long: `Build the site in memory, serve it on 127.0.0.1, for this machine only, and
build it anew whenever a record, the checklist, the process, a picture, the
theme or deploysite.toml is saved, or git moves on. Open pages load themselves
again and stay where they were. Nothing is written.

If something cannot be built, the last site stays, and the terminal and every
open page say what is wrong and where. It goes on as soon as that is mended.

It prints the site's address. Ctrl-C ends it.`,
		Example: `  deploysite serve --open        # and open it in the browser
  deploysite serve -p 0          # on any free port
  deploysite serve --host 192.168.1.20   # for the phone in the same network too`,
	}, func(ctx context.Context) error { return serveSite(ctx, env, opt) })
	f := cmd.Flags()
	f.IntVarP(&opt.Port, "port", "p", 1313, "listen on `PORT`; 0 takes any free one")
	f.StringVar(&opt.Host, "host", "", "listen on `ADDR`, another address or name of this machine, where others can read the records too")
	f.BoolVar(&opt.Open, "open", false, "open the site in the browser")
	f.BoolVar(&opt.Poll, "poll", false, "look for changes each second, where the system does not tell of them")
	return cmd
}

func serveSite(ctx context.Context, env *cli.Env, opt serve.Options) error {
	if opt.Port < 0 || opt.Port > 65535 {
		return cli.Usagef("there is no port %d; they go from 0, for any free one, to 65535", opt.Port)
	}
	info, err := os.Stat(env.Dir) // what nobody can mend by saving a file is told at once
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", env.Dir)
	}
	if err != nil {
		return err
	}
	return serve.Project(ctx, env, opt)
}
