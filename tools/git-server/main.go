// Serves the git repositories below a folder over HTTPS, for reading, as a host of repositories does. So what a cluster without a network
// reads is what stands in the tree: the same addresses, of the same kind.
package main

import (
	"fmt"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "vitals: git-server ADDRESS CERTIFICATE KEY FOLDER")
		os.Exit(64)
	}
	if err := serve(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, "vitals:", err)
		os.Exit(70)
	}
}

func serve(address, certificate, key, folder string) error {
	root, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	programs, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		return fmt.Errorf("no git: %w", err)
	}
	server := &http.Server{
		Addr: address,
		Handler: &cgi.Handler{
			Path: filepath.Join(strings.TrimSpace(string(programs)), "git-http-backend"),
			// Reading only: nobody is signed in, and git takes nothing from such a caller.
			Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1",
				"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
		},
		ReadHeaderTimeout: 10 * time.Second,
	}
	return server.ListenAndServeTLS(certificate, key)
}
