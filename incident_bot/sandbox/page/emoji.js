// Emoji: Slack's short names and their characters, for drawing :names: and for the small picker.

const GROUPS = {
  "Used often":
    "white_check_mark ✅ eyes 👀 raised_hands 🙌 +1 👍 tada 🎉 rotating_light 🚨 fire 🔥 pray 🙏 heart ❤️ rocket 🚀 thinking_face 🤔 100 💯",
  Status:
    "red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤 white_circle ⚪ black_circle ⚫ " +
    "large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪 white_large_square ⬜ black_large_square ⬛ " +
    "large_orange_diamond 🔶 large_blue_diamond 🔷 small_orange_diamond 🔸 small_blue_diamond 🔹 small_red_triangle 🔺 small_red_triangle_down 🔻 " +
    "heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️ o ⭕ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 construction 🚧 " +
    "exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ question ❓ grey_question ❔ bangbang ‼️ interrobang ⁉️ sos 🆘 new 🆕 ok 🆗 information_source ℹ️ radio_button 🔘 " +
    "hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ watch ⌚ clock1 🕐 clock3 🕒 clock6 🕕 clock9 🕘 clock12 🕛 zzz 💤 " +
    "arrow_up ⬆️ arrow_down ⬇️ arrow_right ➡️ arrow_left ⬅️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ arrows_counterclockwise 🔄 repeat 🔁 leftwards_arrow_with_hook ↩️ heavy_plus_sign ➕ heavy_minus_sign ➖",
  Work:
    "memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 bookmark 🔖 label 🏷️ page_facing_up 📄 page_with_curl 📃 scroll 📜 file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ calendar 📅 date 📅 spiral_calendar_pad 🗓️ " +
    "bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 mag 🔍 mag_right 🔎 bulb 💡 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 toolbox 🧰 test_tube 🧪 microscope 🔬 bug 🐛 shield 🛡️ key 🔑 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 " +
    "bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 telephone_receiver 📞 pager 📟 satellite_antenna 📡 iphone 📱 computer 💻 desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾 battery 🔋 electric_plug 🔌 " +
    "package 📦 truck 🚚 ship 🚢 airplane ✈️ fire_engine 🚒 ambulance 🚑 police_car 🚓 helicopter 🚁 house 🏠 office 🏢 factory 🏭 hospital 🏥 bank 🏦 globe_with_meridians 🌐 earth_africa 🌍 earth_americas 🌎 credit_card 💳 moneybag 💰 receipt 🧾 dart 🎯 trophy 🏆 medal 🏅 first_place_medal 🥇 checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳️ flag-se 🇸🇪 recycle ♻️ wastebasket 🗑️ ticket 🎫 compass 🧭 ladder 🪜 broom 🧹 adhesive_bandage 🩹 fire_extinguisher 🧯 boom 💥 zap ⚡ droplet 💧 ocean 🌊 snowflake ❄️ sunny ☀️ partly_sunny ⛅ cloud ☁️ rainbow 🌈 tornado 🌪️ volcano 🌋",
  People:
    "wave 👋 clap 👏 ok_hand 👌 -1 👎 thumbsup 👍 thumbsdown 👎 muscle 💪 raised_hand ✋ hand ✋ handshake 🤝 crossed_fingers 🤞 point_up ☝️ point_up_2 👆 point_down 👇 point_right 👉 point_left 👈 fist ✊ v ✌️ writing_hand ✍️ salute 🫡 saluting_face 🫡 " +
    "smile 😄 grinning 😀 smiley 😃 grin 😁 joy 😂 rolling_on_the_floor_laughing 🤣 sweat_smile 😅 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 heart_eyes 😍 sunglasses 😎 nerd_face 🤓 neutral_face 😐 expressionless 😑 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 sleeping 😴 mask 😷 dizzy_face 😵 exploding_head 🤯 open_mouth 😮 astonished 😲 flushed 😳 cry 😢 sob 😭 scream 😱 confused 😕 worried 😟 disappointed 😞 angry 😠 rage 😡 face_with_monocle 🧐 shrug 🤷 facepalm 🤦 person_raising_hand 🙋 " +
    "bust_in_silhouette 👤 busts_in_silhouette 👥 detective 🕵️ sleuth_or_spy 🕵️ construction_worker 👷 firefighter 🧑‍🚒 technologist 🧑‍💻 male-technologist 👨‍💻 female-technologist 👩‍💻 robot_face 🤖 ghost 👻 skull 💀 alien 👽 poop 💩 hankey 💩",
  Other:
    "broken_heart 💔 green_heart 💚 yellow_heart 💛 blue_heart 💙 purple_heart 💜 orange_heart 🧡 black_heart 🖤 sparkles ✨ star ⭐ star2 🌟 dizzy 💫 balloon 🎈 confetti_ball 🎊 gift 🎁 crown 👑 gem 💎 crystal_ball 🔮 " +
    "coffee ☕ tea 🍵 pizza 🍕 cake 🍰 birthday 🎂 cookie 🍪 doughnut 🍩 beer 🍺 beers 🍻 champagne 🍾 apple 🍎 avocado 🥑 hot_pepper 🌶️ popcorn 🍿 " +
    "dog 🐶 cat 🐱 bee 🐝 unicorn_face 🦄 owl 🦉 penguin 🐧 octopus 🐙 snail 🐌 turtle 🐢 whale 🐳 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 seedling 🌱 evergreen_tree 🌲 cactus 🌵 four_leaf_clover 🍀 mushroom 🍄 " +
    "one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣ a 🅰️ b 🅱️ abc 🔤 1234 🔢 copyright ©️ registered ®️ tm ™️",
};

/** @type {Map<string, string>} */
const CHARACTERS = new Map();
/** @type {{title: string, names: string[]}[]} */
const PICKER = [];

for (const [title, list] of Object.entries(GROUPS)) {
  const words = list.split(" ");
  const names = [];
  for (let i = 0; i < words.length; i += 2) {
    CHARACTERS.set(words[i], words[i + 1]);
    names.push(words[i]);
  }
  PICKER.push({ title, names });
}

/** @type {Record<string, string>} */
const SKIN_TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

/** The groups of the picker. */
export const emojiGroups = PICKER;

/**
 * The character of a name ("wave", "wave::skin-tone-3"), or null where the sandbox does not know it.
 * @param {string} name
 */
export function emojiCharacter(name) {
  const [base, tone] = name.split("::skin-tone-");
  const character = CHARACTERS.get(base);
  if (!character) return null;
  return tone ? character + (SKIN_TONES[tone] ?? "") : character;
}

/** Names that contain the word, those that begin with it first. @param {string} word */
export function findEmoji(word, limit = 8) {
  const wanted = word.toLowerCase();
  const names = [...CHARACTERS.keys()].filter((name) => name.includes(wanted));
  names.sort((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)));
  return names.slice(0, limit);
}
