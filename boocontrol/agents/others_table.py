"""Every other agent in one table: what to copy where, what it needs, and where its format was verified.

Templates are filled by others_setting.filled: `{base}` with /v1, `{root}` without, `{env}` the key's variable,
`{model}`, `{small}`; `:sh`, `:json`, `:py` quote. `verified` names the page and its date; None is shown to users as
"not verified".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from boocontrol.agents import others_json
from boocontrol.agents.entries import Entry
from boocontrol.agents.others_setting import KEY_ENV, Setting

Language = Literal["shell", "toml", "yaml", "json", "python", "javascript", "fields"]


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A settings file that we can edit. `variable` may name its folder; `windows` is a variable and what is below."""

    name: str
    folder: str
    entries: Callable[[Setting], list[Entry]]
    variable: str = ""
    windows: tuple[str, str] | None = None
    config_home: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent. `what` and `where` are said to the user; an agent with a `file` needs no template.

    `variable` is where it takes the key from although its text does not say so.
    """

    id: str
    name: str
    what: str
    language: Language
    where: str
    endpoint: str = "/v1/chat/completions"
    template: str = ""
    note: str = ""
    verified: str | None = None
    file: JsonFile | None = None
    variable: str = ""


AGENTS: Final[tuple[Agent, ...]] = (
    Agent(
        id="claude-code",
        name="Claude Code",
        what="four settings",
        language="json",
        where="~/.claude/settings.json",
        endpoint="/v1/messages",
        note="Variables in your shell that begin with ANTHROPIC_ win over this file.",
        verified="code.claude.com/docs: Environment variables, LLM gateway (read 2026-11)",
        file=JsonFile("settings.json", ".claude", others_json.claude, variable="CLAUDE_CONFIG_DIR"),
    ),
    Agent(
        id="claude-code-shell",
        name="Claude Code, this once",
        what="start command",
        language="shell",
        where="a terminal",
        endpoint="/v1/messages",
        template="""\
export ANTHROPIC_BASE_URL={root:sh}
export ANTHROPIC_AUTH_TOKEN="${env}"
export ANTHROPIC_MODEL={model:sh}
export ANTHROPIC_DEFAULT_HAIKU_MODEL={small:sh}
export ANTHROPIC_SMALL_FAST_MODEL={small:sh}
claude
""",
        note="ANTHROPIC_SMALL_FAST_MODEL is for versions before 2.",
        verified="code.claude.com/docs: Environment variables, LLM gateway (read 2026-11)",
    ),
    Agent(
        id="codex",
        name="Codex CLI",
        what="lines for config.toml",
        language="toml",
        where="~/.codex/config.toml",
        endpoint="/v1/responses",
        template="""\
model = {model:json}
model_provider = "boocontrol"

[model_providers.boocontrol]
name = "BooControl"
base_url = {base:json}
env_key = {env:json}
wire_api = "responses"
stream_idle_timeout_ms = 1800000
""",
        note="The first two lines belong above the first [table] of the file.",
        verified="developers.openai.com/codex: Advanced configuration; a guide checked on 0.162.1 (2026-10-19)",
    ),
    Agent(
        id="aider",
        name="aider",
        what="start command",
        language="shell",
        where="a terminal",
        template="""\
export OPENAI_API_BASE={base:sh}
export OPENAI_API_KEY="${env}"
aider --model {aider:sh} --no-show-model-warnings
""",
        note="openai/ is aider's own mark for such endpoints; the model's name follows it whole.",
        verified="aider.chat/docs: OpenAI compatible APIs (read 2026-11)",
    ),
    Agent(
        id="continue",
        name="Continue",
        what="lines for config.yaml",
        language="yaml",
        where="~/.continue/config.yaml",
        template="""\
name: BooControl
version: 0.0.1
schema: v1
models:
  - name: {model:json}
    provider: openai
    model: {model:json}
    apiBase: {base:json}
    apiKey: ${{{{ secrets.{env} }}}}
    roles: [chat, edit, apply]
""",
        note="Put the key's line into ~/.continue/.env; Continue does not read the variables of your shell there.",
        verified="docs.continue.dev: How to Configure OpenAI Models; continue #5902 on secrets (read 2026-11)",
    ),
    Agent(
        id="zed",
        name="Zed",
        what="lines for settings.json",
        language="json",
        where="~/.config/zed/settings.json",
        note="Zed reads the key from BOOCONTROL_API_KEY, or enter it in Zed under LLM Providers.",
        variable=KEY_ENV,
        verified="zed.dev/docs: Use API Access (commit 03560fd, read 2026-11)",
        file=JsonFile("settings.json", "zed", others_json.zed, windows=("APPDATA", "Zed"), config_home=True),
    ),
    Agent(
        id="crush",
        name="Crush",
        what="lines for crush.json",
        language="json",
        where="~/.config/crush/crush.json",
        verified="charmbracelet/crush: README (v0.94.1) and its custom providers page (read 2026-11)",
        file=JsonFile(
            "crush.json",
            "crush",
            others_json.crush,
            variable="CRUSH_GLOBAL_CONFIG",
            windows=("LOCALAPPDATA", "crush"),
            config_home=True,
        ),
    ),
    Agent(
        id="goose",
        name="Goose",
        what="start command",
        language="shell",
        where="a terminal",
        template="""\
export GOOSE_PROVIDER=openai
export GOOSE_MODEL={model:sh}
export OPENAI_HOST={root:sh}
export OPENAI_API_KEY="${env}"
export OPENAI_TIMEOUT=1800
goose session
""",
        verified="block.github.io/goose: Environment Variables; the OpenAI provider page (read 2026-11)",
    ),
    Agent(
        id="qwen-code",
        name="Qwen Code",
        what="lines for settings.json",
        language="json",
        where="~/.qwen/settings.json",
        note="Choose the model in Qwen Code with /model. Versions that do not know providerProtocol show nothing.",
        verified="qwenlm.github.io/qwen-code-docs: Model Providers (updated 2026-08-12)",
        file=JsonFile("settings.json", ".qwen", others_json.qwen),
    ),
    Agent(
        id="pi",
        name="pi",
        what="lines for models.json",
        language="json",
        where="~/.pi/agent/models.json",
        note="pi reads the file again whenever you open /model.",
        verified="earendil-works/pi: Custom Models (commit 02c2715, read 2026-11)",
        file=JsonFile("models.json", ".pi/agent", others_json.pi, variable="PI_CODING_AGENT_DIR"),
    ),
    Agent(
        id="cline",
        name="Cline",
        what="fields to fill in",
        language="fields",
        where="Cline's settings, API Configuration",
        template="""\
API Provider: OpenAI Compatible
Base URL: {base}
API Key: (the gateway's key)
Model ID: {model}
Context Window Size: {context}
""",
        note="Cline gives up on a request after 5 minutes: load a slow model first.",
    ),
    Agent(
        id="kilo-code",
        name="Kilo Code",
        what="fields to fill in",
        language="fields",
        where="Kilo Code's settings, Providers",
        template="""\
API Provider: OpenAI Compatible
Base URL: {base}
API Key: (the gateway's key)
Model: {model}
Context Window: {context}
""",
        verified="kilo.ai/docs: Using OpenAI Compatible Providers With Kilo Code (read 2026-11)",
    ),
    Agent(
        id="roo-code",
        name="Roo Code",
        what="fields to fill in",
        language="fields",
        where="Roo Code's settings, Providers",
        template="""\
API Provider: OpenAI Compatible
Base URL: {base}
API Key: (the gateway's key)
Model: {model}
Context Window Size: {context}
""",
    ),
    Agent(
        id="open-webui",
        name="Open WebUI",
        what="start command",
        language="shell",
        where="a terminal",
        template="""\
export OPENAI_API_BASE_URLS={base:sh}
export OPENAI_API_KEYS="${env}"
open-webui serve
""",
        note="Read at the first start only; later the admin page Connections counts. In a container 127.0.0.1 is "
        "the container itself.",
        verified="docs.openwebui.com: OpenAI Connections (read 2026-11)",
    ),
    Agent(
        id="curl",
        name="curl",
        what="one request",
        language="shell",
        where="a terminal",
        template="""\
curl -N {base:sh}/chat/completions \\
  -H "Authorization: Bearer ${env}" \\
  -H 'Content-Type: application/json' \\
  -d '{{"model": {model:sjson}, "stream": true, "messages": [{{"role": "user", "content": "Hello"}}]}}'
""",
        verified="the gateway's own description, GET /api/openapi.json",
    ),
    Agent(
        id="openai-python",
        name="openai for Python",
        what="a few lines",
        language="python",
        where="your program",
        template="""\
import os

from openai import OpenAI

client = OpenAI(base_url={base:py}, api_key=os.environ[{env:py}], timeout=1800, max_retries=0)
answer = client.chat.completions.create(
    model={model:py},
    messages=[{{"role": "user", "content": "Hello"}}],
)
print(answer.choices[0].message.content)
""",
        verified="the package openai, whose client the tests make with these arguments",
    ),
    Agent(
        id="openai-node",
        name="openai for Node",
        what="a few lines",
        language="javascript",
        where="your program",
        template="""\
import OpenAI from "openai";

const client = new OpenAI({{
  baseURL: {base:json},
  apiKey: process.env.{env},
  timeout: 1_800_000,
  maxRetries: 0,
}});
const answer = await client.chat.completions.create({{
  model: {model:json},
  messages: [{{ role: "user", content: "Hello" }}],
}});
console.log(answer.choices[0].message.content);
""",
    ),
)
