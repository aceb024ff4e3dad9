// The shapes of Block Kit, as far as the page draws it. Types only: nothing in here runs.

/**
 * @typedef {object} TextObject
 * @property {"plain_text" | "mrkdwn"} [type] plain text where it isn't given
 * @property {string} text
 * @property {boolean} [emoji]
 * @property {boolean} [verbatim]
 */

/**
 * @typedef {object} Option
 * @property {TextObject} text
 * @property {string} value
 * @property {TextObject} [description]
 * @property {string} [url] in overflow menus
 */

/**
 * @typedef {object} OptionGroup
 * @property {TextObject} [label]
 * @property {Option[]} options
 */

/**
 * @typedef {object} Confirm
 * @property {TextObject} title
 * @property {TextObject} text
 * @property {TextObject} [confirm]
 * @property {TextObject} [deny]
 * @property {"primary" | "danger"} [style]
 */

// Elements

/**
 * @typedef {object} Button
 * @property {"button"} type
 * @property {string} action_id
 * @property {TextObject} text
 * @property {string} [value]
 * @property {string} [url]
 * @property {"primary" | "danger"} [style]
 * @property {Confirm} [confirm]
 * @property {string} [accessibility_label]
 */

/**
 * @typedef {object} Overflow
 * @property {"overflow"} type
 * @property {string} action_id
 * @property {Option[]} options
 * @property {Confirm} [confirm]
 */

/**
 * @typedef {object} Choices
 * @property {"checkboxes" | "radio_buttons"} type
 * @property {string} action_id
 * @property {Option[]} options
 * @property {Option} [initial_option]
 * @property {Option[]} [initial_options]
 * @property {Confirm} [confirm]
 */

/**
 * @typedef {object} TextInput
 * @property {"plain_text_input" | "number_input" | "email_text_input" | "url_text_input"} type
 * @property {string} action_id
 * @property {string} [initial_value]
 * @property {TextObject} [placeholder]
 * @property {boolean} [focus_on_load]
 * @property {boolean} [multiline]
 * @property {number} [max_length]
 * @property {{trigger_actions_on?: string[]}} [dispatch_action_config]
 */

/**
 * @typedef {object} Picker
 * @property {"datepicker" | "datetimepicker"} type
 * @property {string} action_id
 * @property {string} [initial_date]
 * @property {number} [initial_date_time]
 * @property {TextObject} [placeholder]
 * @property {Confirm} [confirm]
 */

/** @typedef {"static" | "users"} SelectKind */

/**
 * @typedef {object} SelectElement
 * @property {`${SelectKind}_select` | `multi_${SelectKind}_select`} type
 * @property {string} action_id
 * @property {Option[]} [options]
 * @property {OptionGroup[]} [option_groups]
 * @property {Option} [initial_option]
 * @property {Option[]} [initial_options]
 * @property {string} [initial_user]
 * @property {string[]} [initial_users]
 * @property {number} [max_selected_items]
 * @property {TextObject} [placeholder]
 * @property {Confirm} [confirm]
 */

/** @typedef {Button | Overflow | Choices | TextInput | Picker | SelectElement} Control */

/**
 * What a control holds, in Slack's state form: which field it is depends on the type.
 * @typedef {object} Value
 * @property {string} type
 * @property {string | null} [value]
 * @property {Option | null} [selected_option]
 * @property {Option[]} [selected_options]
 * @property {string | null} [selected_user]
 * @property {string[]} [selected_users]
 * @property {string | null} [selected_date]
 * @property {number | null} [selected_date_time]
 */

/** @typedef {Record<string, Record<string, Value>>} Values by block ID, then by action ID */

// Rich text

/** @typedef {{bold?: boolean, italic?: boolean, strike?: boolean, code?: boolean, underline?: boolean}} RichTextStyle */

/**
 * @typedef {{style?: RichTextStyle} & (
 *   | {type: "text", text: string}
 *   | {type: "link", url: string, text?: string}
 *   | {type: "emoji", name: string, skin_tone?: number}
 *   | {type: "user", user_id: string}
 *   | {type: "usergroup", usergroup_id: string}
 *   | {type: "channel", channel_id: string}
 *   | {type: "broadcast", range: string}
 *   | {type: "date", timestamp: number, format: string, url?: string, fallback?: string}
 * )} RichTextPiece
 */

/**
 * @typedef {object} RichTextRun
 * @property {"rich_text_section" | "rich_text_quote" | "rich_text_preformatted"} type
 * @property {RichTextPiece[]} [elements]
 */

/**
 * @typedef {object} RichTextList
 * @property {"rich_text_list"} type
 * @property {"bullet" | "ordered"} style
 * @property {RichTextRun[]} [elements]
 * @property {number} [indent]
 * @property {number} [offset]
 */

/** @typedef {RichTextRun | RichTextList} RichTextPart */

// Blocks

/**
 * @typedef {object} Section
 * @property {"section"} type
 * @property {string} block_id
 * @property {TextObject} [text]
 * @property {TextObject[]} [fields]
 * @property {Control} [accessory]
 */

/** @typedef {{type: "header", block_id: string, text: TextObject}} Header */
/** @typedef {{type: "divider", block_id: string}} Divider */

/**
 * @typedef {object} Context
 * @property {"context"} type
 * @property {string} block_id
 * @property {TextObject[]} elements
 */

/** @typedef {{type: "actions", block_id: string, elements: Control[]}} Actions */

/**
 * @typedef {object} Input
 * @property {"input"} type
 * @property {string} block_id
 * @property {TextObject} label
 * @property {Control} element
 * @property {TextObject} [hint]
 * @property {boolean} [optional]
 * @property {boolean} [dispatch_action]
 */

/** @typedef {{type: "rich_text", block_id: string, elements?: RichTextPart[]}} RichText */
/** @typedef {{type: "markdown", block_id: string, text?: string}} Markdown */

/**
 * @typedef {(
 *   | {type: "raw_text", text: string}
 *   | {type: "raw_number", value?: number, text?: string}
 *   | RichText
 * )} Cell
 */

/**
 * @typedef {object} Table
 * @property {"table"} type
 * @property {string} block_id
 * @property {Cell[][]} [rows]
 * @property {{align?: "left" | "center" | "right", is_wrapped?: boolean}[]} [column_settings]
 */

/** @typedef {Section | Header | Divider | Context | Actions | Input | RichText | Markdown | Table} Block */

/**
 * What a control needs to know of the block it stands in.
 * @typedef {object} Holder
 * @property {string} type
 * @property {string} block_id
 * @property {boolean} [optional]
 * @property {boolean} [dispatch_action]
 */

export {};
