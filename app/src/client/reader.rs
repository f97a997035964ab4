//! Reads our types out of what the browser's JSON parser has made.
//!
//! It stands here in place of serde-wasm-bindgen because everyone downloads it. What we write
//! ourselves has objects with the fields of a type, lists, and enums tagged from outside; so a
//! struct is asked for by its fields in order, which spares each type the code that looks for its
//! fields' names. An error says nothing, as nobody reads it; the words would bring the formatting of
//! numbers with them.
//!
//! What is absent is `None`, `false`, zero or an empty list, else it is an error: `#[serde(default)]`
//! means nothing to it. Neither does it read what derives put into buffers: `flatten`, `untagged`,
//! `tag`.

use std::fmt;
use std::slice;

use js_sys::{Array, JsString, Number, Object, Reflect};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

/// A value, to be read as whatever is asked for.
pub(super) struct Reader(pub(super) JsValue);

/// The value is not of the shape that was asked for.
#[derive(Debug)]
pub(super) struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another shape")
    }
}

impl std::error::Error for Unfit {}

impl Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Reader {
    fn is_absent(&self) -> bool {
        self.0.is_undefined() || self.0.is_null()
    }

    fn string(&self) -> Result<String, Unfit> {
        self.0.as_string().ok_or(Unfit)
    }

    fn items(self) -> Result<Items, Unfit> {
        if self.0.is_undefined() {
            return Ok(Items(Array::new()));
        }
        self.0.dyn_into().map(Items).map_err(|_| Unfit)
    }

    fn fields(self, names: &'static [&'static str]) -> Result<Fields, Unfit> {
        Ok(Fields { object: self.0.dyn_into().map_err(|_| Unfit)?, names: names.iter() })
    }
}

macro_rules! integers {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.deserialize_i64(visitor)
        }
    )+};
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Unfit;

    /// Nothing that browsers are told has just any shape.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unfit> {
        Err(Unfit)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let value = if self.is_absent() { Some(false) } else { self.0.as_bool() };
        visitor.visit_bool(value.ok_or(Unfit)?)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a safe integer")]
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_undefined() {
            return visitor.visit_i64(0);
        }
        if !Number::is_safe_integer(&self.0) {
            return Err(Unfit);
        }
        visitor.visit_i64(self.0.as_f64().ok_or(Unfit)? as i64)
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.string()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.is_absent() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_seq(self.fields(names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.0.is_string() {
            return visitor.visit_enum(Variant { tag: self.0, content: JsValue::UNDEFINED });
        }
        let object: Object = self.0.dyn_into().map_err(|_| Unfit)?;
        let tag = Object::keys(&object).get(0);
        let content = Reflect::get(&object, &tag).map_err(|_| Unfit)?;
        visitor.visit_enum(Variant { tag, content })
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct map ignored_any
    }
}

/// What is in a list.
struct Items(Array);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        if self.0.length() == 0 {
            return Ok(None);
        }
        seed.deserialize(Reader(self.0.shift())).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        usize::try_from(self.0.length()).ok()
    }
}

/// The fields of a struct, in the order in which it has them.
struct Fields {
    object: Object,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = Reflect::get(&self.object, &JsString::from(*name)).map_err(|_| Unfit)?;
        seed.deserialize(Reader(value)).map(Some)
    }
}

/// One of an enum's variants: the tag alone, or an object that has it as its one key.
struct Variant {
    tag: JsValue,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unfit;
    type Variant = Reader;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Reader), Unfit> {
        Ok((seed.deserialize(Reader(self.tag))?, Reader(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Reader {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_seq(self.fields(names)?)
    }
}
