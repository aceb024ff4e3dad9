// The shapes of what the workspace says to the page, in its answers and its events. Types only: nothing in here runs.

/** @import { Block, TextObject } from "./blockkit.js" */

/**
 * @typedef {object} User
 * @property {string} id
 * @property {string} name
 * @property {string} real_name
 * @property {string} role
 * @property {string} tz
 * @property {string} team_id
 * @property {boolean} is_bot
 * @property {boolean} is_guest
 * @property {boolean} is_external
 */

/** @typedef {{id: string, title: string, link: string}} Bookmark */

/**
 * A channel as the acting person sees it.
 * @typedef {object} Channel
 * @property {string} id
 * @property {string} name
 * @property {"channel" | "private" | "dm"} kind
 * @property {boolean} is_ext_shared
 * @property {boolean} is_archived
 * @property {boolean} is_general
 * @property {boolean} is_member
 * @property {string[]} members
 * @property {boolean} has_bot
 * @property {string} topic
 * @property {string[]} pins timestamps of messages
 * @property {Bookmark[]} bookmarks
 * @property {number} unread
 */

/** @typedef {{name: string, count: number, users: string[]}} Reaction */

/**
 * @typedef {object} Message
 * @property {string} ts
 * @property {string} channel
 * @property {string} user
 * @property {string} text
 * @property {Block[]} [blocks]
 * @property {Reaction[]} reactions
 * @property {boolean} ephemeral
 * @property {boolean} [broadcast] a reply that is shown in the channel too
 * @property {boolean} [pinned]
 * @property {string} [thread_ts]
 * @property {{ts: string}} [edited]
 * @property {string} [subtype]
 * @property {number} [reply_count]
 * @property {string[]} [reply_users]
 * @property {string} [latest_reply]
 * @property {boolean} [isLocal] made by the page itself, as Slack's client does
 */

/** @typedef {{messages: Message[], has_more?: boolean}} MessagesAnswer */

/**
 * A modal, or a Home tab.
 * @typedef {object} View
 * @property {string} id
 * @property {Block[]} blocks
 * @property {TextObject | null} title
 * @property {TextObject | null} submit
 * @property {TextObject | null} close
 */

/** @typedef {{id: string, name: string, bot_user_id: string, home_tab: boolean, messages_tab_read_only: boolean}} App */
/** @typedef {{command: string, description: string, usage_hint: string}} Command */
/** @typedef {{name: string, type: "global" | "message", callback_id: string, description: string}} Shortcut */

/**
 * The bot's process.
 * @typedef {object} Bot
 * @property {"none" | "starting" | "ready" | "stopped"} status
 * @property {string[]} last_lines
 * @property {number | null} [exit_code]
 */

/**
 * The answer of /sandbox/state: all that the page begins with.
 * @typedef {object} Workspace
 * @property {User} me
 * @property {{id: string, name: string}} team
 * @property {User[]} users
 * @property {Channel[]} channels
 * @property {App} app
 * @property {string} mode
 * @property {Command[]} commands
 * @property {Shortcut[]} shortcuts
 * @property {Bot} bot
 * @property {View | null} view the modal that is open
 */

/**
 * How the bot took a command, a press, a submission or a shortcut.
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {string} [error]
 * @property {string} [words]
 * @property {Record<string, string>} [errors] by block ID, in a view
 */

/**
 * Where an element is.
 * @typedef {object} Container
 * @property {"message" | "view" | "home"} type
 * @property {string} [channel]
 * @property {string} [ts]
 * @property {boolean} [ephemeral]
 * @property {string} [view_id]
 */

/**
 * @typedef {object} Fault
 * @property {string} method
 * @property {string} kind
 * @property {number} [ms]
 * @property {number} [retry_after]
 * @property {number} [status]
 * @property {number} [times]
 * @property {string} [channel]
 * @property {string} [containing]
 */

/**
 * One request and its answer, in the drawer.
 * @typedef {object} Exchange
 * @property {number} n
 * @property {number} at
 * @property {"to_bot" | "to_slack"} direction
 * @property {string} kind
 * @property {string} summary
 * @property {unknown} request
 * @property {{error?: string} | null} response
 * @property {number} ms
 * @property {boolean} ok
 * @property {number | string} status
 * @property {string | null} fault
 */

/**
 * What happens to the modal. The view of "close" and "errors" is named by its ID alone.
 * @typedef {(
 *   | {action: "open" | "update", view: View, view_id?: string, errors?: undefined}
 *   | {action: "close", view?: undefined, view_id: string, errors?: undefined}
 *   | {action: "errors", view?: undefined, view_id: string, errors: Record<string, string>}
 * )} ViewChange
 */

/**
 * What the stream brings, by its type.
 * @typedef {object} Events
 * @property {{message: Message}} message
 * @property {{message: Message}} message_changed
 * @property {{channel: string, ts: string}} message_deleted
 * @property {{channel: Channel}} channel
 * @property {{channel: string}} channel_gone
 * @property {ViewChange} view
 * @property {{view: View | null}} home
 * @property {{entry: Exchange}} traffic
 * @property {{faults: Fault[]}} faults
 * @property {{bot: Bot}} bot
 * @property {object} reset
 */

/** @typedef {{[Type in keyof Events]: Events[Type] & {type: Type}}[keyof Events]} WorkspaceEvent */

export {};
